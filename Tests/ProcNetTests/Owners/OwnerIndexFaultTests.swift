import Glibc
import Testing

@testable import ProcNet

@Suite struct OwnerIndexFaultTests {
  private func host() -> OwnersKernel.Tables {
    var tables = OwnersKernel.Tables()
    tables.addProcess(1, "init", [(3, "socket:[1]")])
    tables.addProcess(2, "kthreadd", flags: 0x20_8040)
    tables.addProcess(50, "web", [(3, "socket:[50]")])
    tables.addProcess(51, "web", [(3, "socket:[51]")])
    return tables
  }

  private func build(_ tables: OwnersKernel.Tables) -> (OwnerIndex, [Gap]) {
    var gaps: [Gap] = []
    return (OwnerIndex.build(through: OwnersKernel(tables), gaps: &gaps), gaps)
  }

  @Test(arguments: [ENOENT, ESRCH])
  func `a process that ends while it is read is left out silently`(number: Int32) {
    var tables = host()
    tables.faults["/proc/50/fd"] = number
    let (index, gaps) = build(tables)
    #expect(index.owners(of: 50).isEmpty)
    #expect(index.owners(of: 51).count == 1)
    #expect(gaps.isEmpty)
  }

  @Test func `denied processes make one gap, threads of the kernel none`() {
    var tables = host()
    for process in [2, 50, 51] { tables.faults["/proc/\(process)/fd"] = EACCES }
    let (index, gaps) = build(tables)
    #expect(index.owners(of: 1).count == 1)
    #expect(
      gaps == [
        Gap(
          .owners, missing: "owners of 2 processes of other users", reason: "permission denied",
          remedy: "run as root")
      ])
  }

  @Test func `who is root already is told which capability is missing`() {
    var tables = host()
    tables.faults["/proc/50/fd"] = EPERM
    tables.files["/proc/self/status"] = Array(
      "Name:\tx\nUid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\n".utf8)
    #expect(
      build(tables).1 == [
        Gap(
          .owners, missing: "owners of 1 process", reason: "permission denied",
          remedy: "run with the capability CAP_SYS_PTRACE")
      ])
  }

  @Test func `a zombie that denies its folder is no gap`() {
    var tables = host()
    tables.faults["/proc/50/fd"] = EACCES
    tables.files["/proc/50/stat"] = OwnersKernel.text(tables.files["/proc/50/stat"])
      .map { Array($0.replacing(") S ", with: ") Z ").utf8) }
    #expect(build(tables).1.isEmpty)
  }

  @Test func `another failure is told with its reason`() {
    var tables = host()
    tables.faults["/proc/50/fd"] = EMFILE
    #expect(
      build(tables).1.map(\.message) == [
        "owners of 1 process not shown: cannot read /proc/50/fd: too many open files"
      ])
  }

  @Test func `processes that /proc hides are told`() {
    var tables = OwnersKernel.Tables()
    tables.addProcess(50, "mine", [(3, "socket:[50]")])
    tables.files["/proc/self/mounts"] = Array("proc /proc proc rw,hidepid=invisible 0 0\n".utf8)
    #expect(
      build(tables).1.map(\.message) == [
        "owners that are processes of other users not shown: "
          + "/proc hides them (hidepid=invisible); run as root"
      ])
    tables.addProcess(1, "init")
    #expect(build(tables).1.isEmpty)
  }

  @Test(arguments: [EACCES, EPERM, ENOENT, ESRCH, EIO, EMFILE])
  func `a fault in one place costs no other process its sockets`(number: Int32) {
    let healthy = OwnersKernel(host())
    var gaps: [Gap] = []
    _ = OwnerIndex.build(through: healthy, gaps: &gaps)
    #expect(healthy.askedPaths.count == 8)  // /proc, four folders, three names
    for path in healthy.askedPaths where path != "/proc" {
      var tables = host()
      tables.faults[path] = number
      let index = build(tables).0
      let owned = [1, 50, 51].filter { !index.owners(of: $0).isEmpty }
      #expect(owned.count >= (path.hasSuffix("/fd") && path != "/proc/2/fd" ? 2 : 3), "\(path)")
    }
  }

  @Test func `a process that ends after its descriptors were read keeps them, without a name`() {
    var tables = host()
    tables.faults["/proc/50/comm"] = ESRCH
    #expect(build(tables).0.owners(of: 50) == [Owner(process: 50, descriptor: 3, command: [])])
  }

  @Test func `without /proc there is a gap and no owner`() {
    var tables = host()
    tables.faults["/proc"] = EACCES
    let (index, gaps) = build(tables)
    #expect(index.count == 0)
    #expect(
      gaps.map(\.message) == [
        "owners of all sockets not shown: cannot read /proc: permission denied"
      ])
  }
}
