import CLinux
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import ProcNet

/// A thread of this process with a table of descriptors of its own, in which it listens.
private final class LonelyThread: Sendable {
  private let listener = Mutex<UInt32?>(nil)
  private let isOver = Mutex(false)

  /// With its listener's inode; nil when it may not be made.
  static func start() -> (LonelyThread, inode: UInt32)? {
    let lonely = LonelyThread()
    guard PosixThread.start({ lonely.live() }) != nil else { return nil }
    let isReady = OwnersProcess.eventually { lonely.listener.withLock { $0 != nil } }
    guard isReady, let inode = lonely.listener.withLock({ $0 }) else { return nil }
    return (lonely, inode)
  }

  private func live() {
    guard unshare(0x400) == 0, let own = OwnersListener() else { return }
    listener.withLock { $0 = own.inode }
    while !isOver.withLock({ $0 }) { usleep(2000) }
  }

  func end() { isOver.withLock { $0 = true } }
}

@Suite("Sockets that only a thread's own table of descriptors holds") struct ThreadTablesTests {
  @Test("a live thread that left its process's table is found, with what it holds")
  func live() throws {
    let (lonely, inode) = try #require(LonelyThread.start())
    defer { lonely.end() }
    let kernel = LiveKernel()
    let threads = try kernel.threadsWithOwnDescriptors(ofProcess: getpid())
    #expect(threads.count == 1, "\(threads)")
    var gaps: [Gap] = []
    var owners = OwnerIndex.build(through: kernel, gaps: &gaps)
    #expect(owners.owners(of: inode).isEmpty)
    owners.readThreads(through: kernel)
    #expect(owners.owners(of: inode).map(\.process) == [getpid()])
  }

  @Test("a process whose main thread has exited owns what its other threads hold")
  func exitedLeader() {
    var kernel = FakeKernel().folder("/proc", ["7/", "9/"]).file("/proc/7/comm", "server\n")
      .process(7, []).process(8, [FakeDescriptor(3, "socket:[4711]")])
      .process(9, [FakeDescriptor(5, "socket:[4712]")])
    kernel.threadTables = [7: [8]]
    var gaps: [Gap] = []
    var owners = OwnerIndex.build(through: kernel, gaps: &gaps)
    #expect(owners.owners(of: 4711).isEmpty)
    owners.readThreads(through: kernel)
    #expect(
      owners.owners(of: 4711) == [Owner(process: 7, descriptor: 3, command: Array("server".utf8))])
    #expect(owners.owners(of: 4712).map(\.process) == [9])
    #expect(owners.command(of: 7) == Array("server".utf8))
  }

  @Test("what a thread holds is in the probe of its process")
  func probe() {
    var kernel = FakeKernel().process(7, [FakeDescriptor(1, "pipe:[1]")])
      .process(8, [FakeDescriptor(1, "pipe:[2]"), FakeDescriptor(3, "socket:[4711]")])
    kernel.threadTables = [7: [8]]
    let stat = "7 (server) S 1 7 7 0 -1 4194304" + String(repeating: " 0", count: 40) + "\n"
    kernel.files["/proc/7/stat"] = Array(stat.utf8)
    let snapshot = ProcessProbe(through: kernel).probe(7, wanting: .descriptors)
    #expect(snapshot?.descriptors == [1: .pipe(1), 3: .socket(4711)])
  }
}

@Suite("Why a socket has no owner") struct MissingOwnersTests {
  private let kernel = FakeKernel().folder("/proc", ["7/"])
    .process(7, [FakeDescriptor(3, "socket:[4711]")])

  @Test(
    "outside the host's pid namespace its owner may be elsewhere",
    arguments: [("pid:[4026532455]", true), ("pid:[4026531836]", false)])
  func namespace(link: String, isElsewhere: Bool) {
    let search = MissingOwners(through: kernel.link("/proc/self/ns/pid", link))
    let gap = search.gap(1)
    #expect(gap.kind == .owners)
    #expect(gap.missing == "owner of 1 socket")
    #expect(gap.reason.contains("no process of this pid namespace holds it") == isElsewhere)
    #expect((gap.remedy != nil) == isElsewhere)
    #expect(search.gap(2).missing == "owners of 2 sockets")
  }

  @Test("who has been found by now is not missing")
  func confirmed() {
    #expect(MissingOwners(through: kernel).confirmed([4711, 4712]) == [4712])
  }
}
