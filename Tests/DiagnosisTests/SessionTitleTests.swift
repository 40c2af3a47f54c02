import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// What database sessions say of themselves, and the chains that follow from it.
@Suite("Titles of database sessions")
struct SessionTitleTests {
  private func title(_ text: String) -> SessionTitle { SessionTitle(Array(text.utf8)) }

  @Test("the words at the end count")
  func titles() {
    let begin = "postgres: shop orders 127.0.0.1(5555)"
    #expect(title("\(begin) UPDATE waiting") == .waitsForLock)
    #expect(title("\(begin) COMMIT waiting for 0/1516798") == .waitsForStandby)
    #expect(title("\(begin) idle in transaction") == .idleInTransaction)
    #expect(title("\(begin) idle in transaction (aborted)") == .idleInTransaction)
    #expect(title("\(begin) idle") == .idle)
    #expect(title("postgres: parallel worker for PID 77 ") == .parallelWorker)
    #expect(title("\(begin) SELECT") == .other)
  }

  @Test("words that only look like it, and none")
  func others() {
    for text in [
      "python3 wait.py waiting", "postgres: x waiting for", "postgres: x waiting for 0/",
      "postgres: x waiting for /0", "postgres: x waiting for 0/0/1",
      "postgres: x waiting for 0/xyz",
      "postgres: x notwaiting", "postgres: x idled", "",
    ] { #expect(title(text) == .other, "\(text)") }
    #expect(SessionTitle(nil) == .other)
    // No beginning of one is taken for another kind of wait.
    let whole = "postgres: shop orders 127.0.0.1(5555) COMMIT waiting for 0/1516798"
    for count in 0..<whole.utf8.count {
      let cut = title(String(whole.prefix(count)))
      #expect(cut == .other || cut == .waitsForLock || cut == .waitsForStandby)
    }
    // A very long command line is read from its end.
    #expect(title("postgres: " + String(repeating: "x", count: 9000) + " waiting") == .waitsForLock)
  }

  /// Sessions 20 (connection 1, of psql 50) and 30 (connection 21, of psql 60) of server 5 on port
  /// 9000; each waits in an epoll of its own: 20 for its latch, 30 for its client.
  private func made(
    _ waiting: String?, _ other: String?, siblings: Bool = true, answered: Bool = false
  ) -> MadeObservation {
    var made = MadeObservation()
    made.pair(1, 2)
    made.pair(21, 22, port: 50_001)
    made.take(
      MadeProcess(50, "psql", [3: .socket(2)], [.asleep(50, .poll([3]))]))
    made.take(
      MadeProcess(60, "psql", [3: .socket(22)], [.asleep(60, .on(.read, 0))]))
    made.take(
      MadeProcess(20, "db", [4: .socket(1), 6: .signal], [.asleep(20, .epoll(9))])
        .watching(9, "6 events: 1 data: 0 pos:0 ino:7 sdev:9").child(of: 5, titled: waiting))
    made.take(
      MadeProcess(30, "db", [4: .socket(21)], [.asleep(30, .epoll(9))])
        .watching(9, watched(4, 21)).child(of: siblings ? 5 : 6, titled: other))
    made.listener(.tcp([0, 0, 0], limit: 128))
    made.measured(1, sent: answered ? 5900 : 6500, received: 6000)
    made.measured(2, sent: 6000, received: answered ? 5900 : 6500)
    made.measured(21, sent: 8990, received: 9000)
    made.measured(22, sent: 9000, received: 8990)
    made.readServers()
    return made
  }

  private let waits = "postgres: shop orders 127.0.0.1(50000) UPDATE waiting"
  private let holds = "postgres: shop orders 127.0.0.1(50001) idle in transaction"

  @Test("a session that waits for a lock leads to the client of the one in transaction")
  func lock() {
    let made = made(waits, holds)
    guard case .silent(let row, let client)? = made.path(20)?.end else {
      Issue.record("no silent client")
      return
    }
    #expect(row.inode == 21 && client.process == 60)
    #expect(made.path(20)?.links.map(\.process.process) == [20, 30])
    #expect(made.path(20)?.links.map { $0.waitsFor?.kind } == [.lock, .connection])
    // The client that asked arrives at the same end.
    #expect(made.path(50)?.links.map(\.process.process) == [50, 20, 30])
    #expect(
      made.findings(RequestUnanswered()).map { $0.chain.map(\.process.process) } == [[20, 30]])
  }

  @Test("without a sibling in transaction it is a lock of nobody who shows")
  func unknownHolder() {
    let idle = "postgres: shop orders 127.0.0.1(50001) idle"
    for other in [made(waits, idle), made(waits, holds, siblings: false)] {
      guard case .lock(nil)? = other.path(20)?.end else {
        Issue.record("not a lock of nobody")
        continue
      }
      #expect(other.findings(RequestUnanswered()).map(\.severity) == [.warning])
    }
  }

  @Test("a commit that waits for its standby")
  func standby() {
    let made = made("postgres: shop orders 127.0.0.1(50000) COMMIT waiting for 0/1516798", nil)
    guard case .standby(let session)? = made.path(20)?.end else {
      Issue.record("not the standby")
      return
    }
    #expect(session.process == 20)
    #expect(made.findings(RequestUnanswered()).map(\.severity) == [.warning])
  }

  @Test("a session that waits for a lock whose holder waits for a standby")
  func behindStandby() {
    let holder = "postgres: shop orders 127.0.0.1(50001) COMMIT waiting for 0/1516798"
    let made = made(waits, holder)
    #expect(
      made.file.processes[20].map { made.file.sessionsInTheWay(of: $0).map(\.process) } == [30])
    #expect(made.path(20)?.links.first?.waitsFor?.process?.process == 30)
  }

  @Test("sessions without a telling title are a notice at most; those that answered are none")
  func untold() {
    for title in [nil, "postgres: shop orders 127.0.0.1(50000) SELECT"] as [String?] {
      #expect(made(title, holds).findings(RequestUnanswered()).map(\.severity) == [.notice])
    }
    #expect(made(waits, holds, answered: true).findings(RequestUnanswered()).isEmpty)
  }

  @Test("a thread in a wait of its own shows what it waits for, whatever the title says")
  func direct() {
    var reading = made(waits, holds)
    reading.take(
      MadeProcess(20, "db", [4: .socket(1)], [.asleep(20, .on(.recvfrom, 4))])
        .child(of: 5, titled: waits))
    reading.readServers()
    guard case .silent(let row, _)? = reading.path(20)?.end else {
      Issue.record("not its own client")
      return
    }
    #expect(row.inode == 1)
    #expect(reading.findings(RequestUnanswered()).isEmpty)
  }

  @Test("the one connection that a session serves")
  func connections() {
    let made = made(waits, holds)
    let session = made.file.processes[20]
    #expect(session.flatMap { made.file.sessionConnection(of: $0)?.row.inode } == 1)
    // A client's end is none, and of several none stands out.
    let client = made.file.processes[50]
    #expect(client.flatMap { made.file.sessionConnection(of: $0) } == nil)
    let both = MadeProcess(40, "db", [4: .socket(1), 5: .socket(21)], [.running(40)])
    let observed = ObservedProcess(both.now, before: both.before)
    #expect(made.file.sessionConnection(of: observed) == nil)
  }
}
