import Glibc
import Testing

@testable import ProcNet

/// Against the kernel of the host that runs the tests.
@Suite struct OwnerIndexLiveTests {
  private func owners(of inode: UInt32, wanted: OwnerIndex.InodeSet? = nil) -> [Owner] {
    var gaps: [Gap] = []
    return OwnerIndex.build(through: LiveKernel(), wanted: wanted, gaps: &gaps)
      .owners(of: inode)
  }

  @Test func `our own listener is ours, under its descriptor and our name`() throws {
    let listener = try #require(OwnersListener())
    let name = try LiveKernel().contents(of: "/proc/self/comm").dropLast()
    let owner = Owner(
      process: getpid(), descriptor: listener.descriptor, command: Array(name))
    #expect(owners(of: listener.inode) == [owner])
    #expect(owners(of: listener.inode, wanted: .init([listener.inode])) == [owner])
  }

  @Test func `a duplicate and a child's copy are told, highest number first`() throws {
    let listener = try #require(OwnersListener())
    let copy = fcntl(listener.descriptor, F_DUPFD_CLOEXEC, 200)
    defer { close(copy) }
    let child = try #require(
      OwnersProcess(["sleep", "60"], inheriting: [listener.descriptor: 7]))
    let ours = [(getpid(), copy), (getpid(), listener.descriptor)]
    let all = ([(child.process, Int32(7))] + ours).sorted { $0 > $1 }.map { "\($0.0)/\($0.1)" }
    let isSame = OwnersProcess.eventually {
      owners(of: listener.inode).map { "\($0.process)/\($0.descriptor)" } == all
    }
    #expect(isSame)
  }

  @Test(.enabled(if: OwnersProcess.hasSS, "ss is not installed"))
  func `ss names the same holders in the same order`() throws {
    let listener = try #require(OwnersListener())
    let copy = fcntl(listener.descriptor, F_DUPFD_CLOEXEC, 300)
    defer { close(copy) }
    let child = try #require(
      OwnersProcess(["sleep", "60"], inheriting: [listener.descriptor: 7]))
    #expect(
      OwnersProcess.eventually {
        OwnersKernel.text(try? LiveKernel().contents(of: "/proc/\(child.process)/comm"))
          == "sleep\n"
      })
    let users = owners(of: listener.inode).map { owner in
      let name = OwnersKernel.text(owner.command) ?? ""
      return "(\"\(name)\",pid=\(owner.process),fd=\(owner.descriptor))"
    }
    let said = try #require(
      OwnersProcess.output("ss", "-tlnpH", "sport", "=", ":\(listener.port)"))
    #expect(users.count == 3)
    #expect(said.contains("users:(\(users.joined(separator: ",")))"), "\(users) \(said)")
  }
}
