import Glibc
import Testing

@testable import ProcNet

@Suite struct ControlGroupsTests {
  private func tables() -> OwnersKernel.Tables {
    var tables = OwnersKernel.Tables()
    tables.files["/proc/self/mounts"] = Array(
      "cgroup /cg1 cgroup rw 0 0\ncgroup2 /my\\040groups cgroup2 rw 0 0\n".utf8)
    tables.identities["/my groups"] = FileIdentity(device: 1, inode: 1, size: 0)
    tables.folders["/my groups"] = [
      FolderEntry(name: "system.slice", inode: 20, isFolder: true),
      FolderEntry(name: "cgroup.procs", inode: 21, isFolder: false),
      FolderEntry(name: "evil\u{1b}[31m", inode: 1 << 40, isFolder: true),
    ]
    tables.folders["/my groups/system.slice"] = [
      FolderEntry(name: "a.service", inode: 30, isFolder: true)
    ]
    tables.folders["/my groups/evil\u{1b}[31m"] = []
    tables.folders["/my groups/system.slice/a.service"] = []
    return tables
  }

  private func path(_ groups: Cgroups, _ id: UInt64) -> String? {
    OwnersKernel.text(groups.path(of: id))
  }

  @Test func `folders' inodes are the groups' numbers`() {
    let groups = Cgroups(through: OwnersKernel(tables()))
    #expect(path(groups, 1) == "/")
    #expect(path(groups, 20) == "/system.slice")
    #expect(path(groups, 30) == "/system.slice/a.service")
    #expect(path(groups, 1 << 40) == "/evil\u{1b}[31m")
    #expect(path(groups, 21) == nil)
    #expect(path(groups, 99) == nil)
    #expect(groups.gap == nil)
  }

  @Test(arguments: [
    "/system.slice/a.service", "system.slice/a.service", "/system.slice/a.service/",
  ])
  func `a path leads back to the number`(path: String) {
    let groups = Cgroups(through: OwnersKernel(tables()))
    #expect(groups.id(of: Array(path.utf8)) == 30)
    #expect(groups.id(of: [47]) == 1)
    #expect(groups.id(of: Array("/nothing".utf8)) == nil)
  }

  @Test func `nothing is read before somebody asks`() {
    let kernel = OwnersKernel(tables())
    let groups = Cgroups(through: kernel)
    #expect(kernel.askedPaths.isEmpty)
    _ = groups.path(of: 1)
    #expect(kernel.askedPaths.count == 5)  // the mounts and four folders
  }

  @Test(arguments: [(ENOENT, nil), (EACCES, "permission denied")])
  func `a folder that cannot be read costs only itself`(number: Int32, reason: String?) {
    var tables = tables()
    tables.faults["/my groups/system.slice"] = number
    let groups = Cgroups(through: OwnersKernel(tables))
    #expect(path(groups, 20) == "/system.slice")
    #expect(path(groups, 30) == nil)
    #expect(path(groups, 1 << 40) != nil)
    #expect(groups.gap?.reason.hasSuffix(reason ?? "") == (reason == nil ? nil : true))
  }

  @Test func `without cgroup v2 there are no paths, and a reason`() {
    var tables = tables()
    tables.files["/proc/self/mounts"] = Array("cgroup /cg1 cgroup rw 0 0\n".utf8)
    let groups = Cgroups(through: OwnersKernel(tables))
    #expect(groups.path(of: 1) == nil)
    #expect(groups.gap?.reason == "no cgroup v2 file system is mounted")
  }

  @Test(.enabled(if: OwnersProcess.hasSS, "ss is not installed"))
  func `ss says the same path of our own listener`() throws {
    let listener = try #require(OwnersListener())
    let groups = Cgroups(through: LiveKernel())
    let own = try #require(ProcCgroup(try LiveKernel().contents(of: "/proc/self/cgroup")).unified)
    try #require(groups.gap == nil)
    let id = try #require(groups.id(of: own))
    #expect(groups.path(of: id) == own)
    let said = try #require(
      OwnersProcess.output("ss", "-tleH", "sport", "=", ":\(listener.port)"))
    #expect(said.contains("cgroup:\(OwnersKernel.text(own) ?? "") "), "\(said)")
  }
}
