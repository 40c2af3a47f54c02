import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// A whole diagnosis of a made host, from its sockets and the text of `/proc`.
@Suite("Diagnoses of made hosts")
struct DiagnoserTests {
  private static func listener(_ waiting: UInt32, limit: UInt32 = 2) -> Socket {
    ObservedListener.tcp([waiting], limit: limit).socket
  }

  private func look(
    _ sockets: [Socket], measuring: Bool = false
  ) throws(KernelError) -> Sample {
    var host = MadeHost()
    host.second = [Self.listener(0)] + sockets
    let scope = host.scope(once: true)
    return try Sample.take(
      scope, through: scope.moments.second, settings: [:], measuring: measuring)
  }

  @Test("connections that stand out are kept, calm ones are only counted")
  func notable() throws {
    let calm: [Socket] = [
      .tcp(.established, 9000, 50_000, inode: 1), .tcp(.synReceived, 9000, 50_001, received: 1),
      .tcp(.finWait1, 9000, 50_002, sent: 5), .tcp(.timeWait, 9000, 50_003),
      .unix(.unixStream, .established, inode: 2),
    ]
    let notable: [Socket] = [
      .tcp(.established, 9000, 51_000), .tcp(.closeWait, 9000, 51_001),
      .tcp(.closeWait, 9000, 51_002, inode: 3), .tcp(.synSent, 51_003, 5432, inode: 4),
      .tcp(.established, 9000, 51_004, inode: 5, received: 1),
      .tcp(.established, 9000, 51_005, inode: 6, sent: 1),
    ]
    let look = try look(calm + notable + [.unix(.unixStream, .established, inode: 7, sent: 1)])
    #expect(Set(look.notable.keys) == Set(notable.map { ConnectionKey($0) }))
    #expect(look.notableUnix.keys.sorted() == [7])
    #expect(look.census.sockets == 10 && look.listeners.count == 1)
  }

  private func request(
    _ inode: UInt32, _ received: UInt64, _ sent: UInt64, port: UInt16 = 9000, unread: UInt32 = 0
  ) -> Socket {
    var socket = Socket.tcp(
      .established, port, 40_000 + UInt16(inode), inode: inode, received: unread)
    socket.details = SocketDetails(
      tcp: .with([.lastDataRecv: received, .lastDataSent: sent, .dataSegsIn: 1, .dataSegsOut: 1]))
    return socket
  }

  @Test("requests without an answer: read, on a listener's port, for a second")
  func unanswered() throws {
    let sockets = [
      request(1, 1000, 3000), request(2, 999, 3000), request(3, 2000, 500),
      request(4, 2000, 3000, unread: 1), request(5, 2000, 3000, port: 39_000),
    ]
    #expect(try look(sockets, measuring: true).unanswered.sorted() == [1])
  }

  @Test("one request without an answer is noticed among however many connections")
  func crowds() throws {
    let idle = (1...20_000).map {
      Socket.tcp(.established, 9000, 1000 + UInt16($0), inode: UInt32($0) + 100)
    }
    #expect(try look([request(1, 5000, 9000)] + idle, measuring: true).unanswered == [1])
    #expect(try look(idle, measuring: true).unanswered.isEmpty)
  }

  /// app (pid 10) reads from a silent client while `waiting` others queue.
  private func blocked(_ first: [UInt16], _ second: [UInt16]) -> MadeHost {
    func sockets(_ queue: [UInt16]) -> [Socket] {
      [
        Self.listener(UInt32(queue.count)), .tcp(.established, 9000, 50_000, inode: 1),
        .tcp(.established, 50_000, 9000, inode: 2),
      ] + queue.map { .tcp(.established, 9000, $0) }
    }
    var host = MadeHost()
    (host.first, host.second) = (sockets(first), sockets(second))
    host.process(
      10, "45 0x4 0x7ffd0000 0x1000 0x0 0x0 0x0 0x7ffd80000000 0x7f0000000000\n",
      [FakeDescriptor(3, "socket:[100]"), FakeDescriptor(4, "socket:[1]")])
    host.process(
      20, "0 0x0 0x7ffd0000 0x1000 0x0 0x0 0x0 0x7ffd80000000 0x7f0000000000\n",
      [FakeDescriptor(0, "/dev/tty1"), FakeDescriptor(3, "socket:[2]")])
    return host
  }

  @Test("a blocked server, from the kernel's text to the finding")
  func server() throws {
    let host = blocked([51_000, 51_001, 51_002], [51_000, 51_001, 51_002])
    let diagnosis = try Diagnoser.run(host.scope())
    #expect(diagnosis.headline?.id == "server-blocked")
    #expect(diagnosis.headline?.isCause == true && diagnosis.headline?.confidence == .certain)
    #expect(
      diagnosis.headline?.evidence.contains {
        $0.place.process == 10 && $0.place.descriptor == 4 && $0.place.peer?.port == 50_000
      } == true)
    #expect(
      diagnosis.findings.first { $0.id == "accept-queue-full" }?.causes.map(\.id)
        == ["server-blocked"])
    #expect(diagnosis.severity == .critical)
    let scope = diagnosis.scope
    #expect(scope.listeners == 1 && scope.processes == 2 && scope.interval == 2000)
    #expect(scope.samples == 2)
  }

  @Test("a queue that moves costs no close look, and is no finding")
  func moving() throws {
    for (first, second) in [([], []), ([51_000], []), ([], [51_000])] as [([UInt16], [UInt16])] {
      let host = blocked(first, second)
      var investigation = Diagnoser(scope: host.scope(), focus: nil)
      let file = try investigation.collect()
      #expect(file.table.sockets.isEmpty && file.processes.isEmpty && file.servers.isEmpty)
      #expect(RuleEngine(file).findings.isEmpty)
    }
    // Others wait each time: looked at, and found in order.
    let busy = blocked([51_000], [51_001])
    #expect(try Diagnoser.run(busy.scope()).findings.map(\.id).isEmpty)
  }

  @Test("a question about a calm listener is looked at closely, and answered with nothing")
  func asked() throws {
    var investigation = Diagnoser(
      scope: blocked([], []).scope(), focus: .init { $0.local.port == 9000 })
    let file = try investigation.collect()
    #expect(file.processes[10]?.threads.first?.wait.kind == .receive)
    #expect(RuleEngine(file).findings.isEmpty)
  }

  @Test("one look: nothing is said to have stood still that was not seen to")
  func once() throws {
    let diagnosis = try Diagnoser.run(blocked([], [51_000, 51_001]).scope(once: true))
    #expect(diagnosis.scope.samples == 1 && diagnosis.scope.interval == nil)
    #expect(!diagnosis.findings.contains { $0.id == "server-blocked" })
    #expect(!diagnosis.findings.contains { $0.severity == .critical })
  }

  @Test("a host whose processes cannot be listed still shows its sockets, and a gap")
  func blind() throws {
    var host = blocked([51_000, 51_001, 51_002], [51_000, 51_001, 51_002])
    host.kernel.folders["/proc"] = nil
    let diagnosis = try Diagnoser.run(host.scope())
    #expect(diagnosis.gaps.contains { $0.missing == "processes" })
    #expect(diagnosis.headline?.id == "accept-queue-full")
  }
}
