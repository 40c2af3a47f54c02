import ProcNet
import Testing

@testable import Diagnosis

/// What a question about the middle of a chain, or about a client, keeps.
@Suite("The target of a question")
struct TargetFilterTests {
  /// front (pid 10, :9000) asks app (pid 20, :7000), which waits for db (pid 30, :5432); client
  /// (pid 40) waits in front's queue, and bystander (pid 50, :80) has nothing to do with it.
  private func made() -> (case: MadeObservation, findings: [Finding]) {
    var made = MadeObservation()
    for (inode, port, process, name) in [
      (100, 9000, 10, "front"), (200, 7000, 20, "app"), (300, 5432, 30, "db"),
      (500, 80, 50, "bystander"),
    ] as [(UInt32, UInt16, Int32, String)] {
      made.hold([inode, inode + 1], by: process, name)
      made.listener(.tcp([0], limit: 5, inode: inode, port: port))
    }
    made.pair(0, 401)
    made.hold([401], by: 40, "client")
    made.pair(202, 102, port: 50_001, to: 7000)
    let name = SocketName(ObservedListener.tcp([0], limit: 5).socket)
    var blocked = Finding(ServerBlocked.kind, .critical, "blocked", about: .listener(name))
    blocked.chain = [
      ChainLink(
        process: made.file.name(10), thread: 10, call: "recvfrom",
        waitsFor: .init(
          .connection, "app", socket: made.file.table.socket(inode: 102).map { SocketName($0) },
          process: made.file.name(20))),
      ChainLink(process: made.file.name(20), thread: 20, call: "futex"),
    ]
    blocked.evidence = [Evidence("holder", 1, source: "/proc/locks").of(process: 30)]
    let small = Finding(BacklogSmall.kind, .notice, "small", about: .listener(name))
    return (made, [blocked, small])
  }

  private func chosen(_ focus: Diagnoser.Focus) -> [String] {
    let made = made()
    return TargetFilter(made.case.file, focus).choose(made.findings).map(\.id)
  }

  @Test("a process in the middle of the chain, or in the evidence, is part of the story")
  func middle() {
    for process in [20, 30] as [Int32] {
      #expect(chosen(.init(processes: [process]) { _ in false }) == ["server-blocked"])
    }
    #expect(chosen(.init(processes: [50]) { _ in false }).isEmpty)
    #expect(chosen(.init(processes: [50, 20]) { _ in false }) == ["server-blocked"])
  }

  @Test("a port in the middle of the chain is part of the story, one beside it is not")
  func port() {
    #expect(chosen(.init { $0.local.port == 7000 || $0.peer.port == 7000 }) == ["server-blocked"])
    #expect(chosen(.init { $0.local.port == 80 || $0.peer.port == 80 }).isEmpty)
    #expect(chosen(.init { $0.local.port == 9000 }) == ["server-blocked", "backlog-small"])
  }

  @Test("a client in the queue is told why it waits, and no notices about its server")
  func client() {
    #expect(chosen(.init { $0.inode == 401 }) == ["server-blocked"])
    #expect(chosen(.init { $0.inode == 501 }).isEmpty)
  }

  @Test("evidence about a connection belongs to both of its ends, and to no other connection")
  func evidence() {
    let made = made()
    var finding = Finding(
      ReceiveStuck.kind, .warning, "stuck", about: .process(made.case.file.name(20)))
    let server = Socket.tcp(.established, 7000, 50_001, inode: 202)
    finding.evidence = [Evidence("unread", 9, unit: "bytes", source: "sock_diag").on(server)]
    func isChosen(_ inode: UInt32) -> Bool {
      let focus = Diagnoser.Focus { $0.inode == inode }
      return !TargetFilter(made.case.file, focus).choose([finding]).isEmpty
    }
    #expect(isChosen(102) && !isChosen(401))
  }
}
