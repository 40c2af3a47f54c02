import TestSupport
import Testing

@testable import ProcNet

/// Who is blocked in connect() at a full unix listener.
@Suite struct BlockedConnectorsTests {
  /// A host with one process, one thread.
  private static func kernel(wchan: String, syscall: String) -> FakeKernel {
    FakeKernel().folder("/proc", ["7/", "self/", "net/"]).folder("/proc/7/task", ["8/"])
      .file("/proc/7/task/8/wchan", wchan).file("/proc/7/task/8/syscall", syscall)
      .file("/proc/7/comm", "client\n")
  }

  private static let arguments = "0x5 0x7ffd 0x6e 0x0 0x0 0x0 0x7ffe 0x7fff\n"

  @Test(
    "the descriptor is the first argument of connect, on x86-64 and on aarch64",
    arguments: [42, 203])
  func connect(number: Int) {
    var gaps: [Gap] = []
    let kernel = Self.kernel(wchan: "unix_wait_for_peer", syscall: "\(number) \(Self.arguments)")
    let blocked = BlockedConnectors.find(through: kernel, gaps: &gaps)
    #expect(blocked == [Owner(process: 7, descriptor: 5, command: Array("client".utf8))])
    #expect(gaps.isEmpty)
  }

  @Test("a sender to a full datagram socket sleeps in the same place and is none of them")
  func sender() {
    var gaps: [Gap] = []
    let kernel = Self.kernel(wchan: "unix_wait_for_peer", syscall: "44 \(Self.arguments)")
    #expect(BlockedConnectors.find(through: kernel, gaps: &gaps).isEmpty)
    let remote = Self.kernel(wchan: "inet_stream_connect", syscall: "42 \(Self.arguments)")
    #expect(BlockedConnectors.find(through: remote, gaps: &gaps).isEmpty)
  }

  @Test("processes that end meanwhile and texts of unknown form are passed over")
  func strange() {
    var gaps: [Gap] = []
    let kernel = Self.kernel(wchan: "unix_wait_for_peer", syscall: "connect(5)")
    #expect(BlockedConnectors.find(through: kernel, gaps: &gaps).isEmpty)
    let gone = FakeKernel().folder("/proc", ["7/"])
    #expect(BlockedConnectors.find(through: gone, gaps: &gaps).isEmpty && gaps.isEmpty)
  }
}
