import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Rules about whom a server waits for: itself, each other, another server, a lock.
@Suite("Rules about who waits for whom")
struct WaitRuleTests {
  /// app (pid 10): listener 100, client connection 1, and its own request 11 as descriptor 5.
  private func app(_ thread: ThreadSnapshot) -> MadeProcess {
    MadeProcess(10, "app", [3: .socket(100), 4: .socket(1), 5: .socket(11)], [thread])
  }

  private func made(_ threads: ThreadSnapshot, _ build: (inout MadeObservation) -> Void)
    -> MadeObservation
  {
    var made = MadeObservation()
    made.pair(1, 2)
    made.hold([2], by: 50, "curl")
    made.take(app(threads))
    build(&made)
    made.clogged()
    made.readServers()
    return made
  }

  private let asking = ThreadSnapshot.asleep(10, .on(.recvfrom, 5))

  @Test("self-call")
  func selfCall() {
    let own = made(asking) { $0.pair(0, 11, port: 41_000) }
    #expect(
      own.titles(SelfCall()) == [
        "app (pid 10) waits for an answer from itself: its own request is in the accept queue of "
          + "127.0.0.1:9000"
      ])
    let served = made(.asleep(10, .on(.accept, 3))) { $0.pair(0, 11, port: 41_000) }
    #expect(served.titles(SelfCall()).isEmpty)
    let elsewhere = made(asking) { made in
      made.pair(0, 11, port: 41_000, to: 5432)
      made.hold([200], by: 30, "db")
      made.listener(.tcp([1, 1, 1], limit: 9, inode: 200, port: 5432, still: 1))
    }
    #expect(elsewhere.titles(SelfCall()).isEmpty)
  }

  /// db (pid 30) on port 5432 has accepted the request as 12, and asks app by 13 as descriptor 5.
  private func db(_ thread: ThreadSnapshot, _ made: inout MadeObservation) {
    made.pair(12, 11, port: 41_000, to: 5432)
    made.take(
      MadeProcess(30, "db", [3: .socket(200), 4: .socket(12), 5: .socket(13)], [thread]))
    made.listener(.tcp([0, 0, 0], limit: 9, inode: 200, port: 5432))
  }

  @Test("wait-cycle, told of once")
  func cycle() {
    let ring = made(asking) { made in
      db(.asleep(30, .on(.recvfrom, 5)), &made)
      made.pair(14, 13, port: 42_000)
      made.take(
        MadeProcess(
          10, "app", [3: .socket(100), 4: .socket(14), 5: .socket(11)], [asking]))
    }
    #expect(
      ring.titles(WaitCycle()) == [
        "app (pid 10) and db (pid 30) wait for each other in a ring: neither can go on"
      ])
    let chain = made(asking) { db(.running(30), &$0) }
    #expect(chain.titles(WaitCycle()).isEmpty)
    // Two threads of one process in a ring are that process's locks.
    let locks = made(asking) { made in
      made.take(
        MadeProcess(
          10, "app", [3: .socket(100)],
          [
            .asleep(10, .futex(0x7000, holder: 11)), .asleep(11, .futex(0x8000, holder: 10)),
          ]))
    }
    #expect(locks.titles(WaitCycle()).isEmpty)
  }

  @Test("waits-upstream")
  func upstream() {
    let waiting = made(asking) { db(.running(30), &$0) }
    #expect(
      waiting.titles(WaitsUpstream()) == [
        "127.0.0.1:9000 waits for 127.0.0.1:5432: 1 thread asked and got no answer yet"
      ])
    #expect(
      waiting.titles(ServerBlocked()) == [
        "127.0.0.1:9000 answers no one: its only accepting thread has been waiting for an answer "
          + "from 127.0.0.1:5432 (db, pid 30)"
      ])
    let chain = waiting.findings(WaitsUpstream()).first?.chain
    #expect(chain?.map(\.process.process) == [10, 30])
    // Its own client's connection, and a server that accepts meanwhile.
    let client = made(.asleep(10, .on(.recvfrom, 4))) { db(.running(30), &$0) }
    #expect(client.titles(WaitsUpstream()).isEmpty)
    let accepting = made(.asleep(10, .on(.accept, 3))) { db(.running(30), &$0) }
    #expect(accepting.titles(WaitsUpstream()).isEmpty)
  }

  private func pool(_ threads: [ThreadSnapshot]) -> MadeObservation {
    made(asking) { made in
      made.take(MadeProcess(10, "app", [3: .socket(100), 4: .socket(1)], threads))
    }
  }

  @Test("lock-wait: one lock, with its holder or without, told of once")
  func lockWait() {
    let waiters = (11...13).map { ThreadSnapshot.asleep($0, .futex(0x7000)) }
    let idle = ThreadSnapshot.asleep(10, .futex(0x9000, 0))
    #expect(
      pool([idle] + waiters).titles(LockWait()) == [
        "3 threads of app (pid 10) wait for one lock"
      ])
    let held = pool([idle] + waiters + [.asleep(14, .on(.recvfrom, 4))])
    #expect(
      held.titles(LockWait()) == [
        "3 threads of app (pid 10) wait for one lock that its thread 14 probably has, which waits "
          + "for its client curl (pid 50) at 127.0.0.1:50000, which sends nothing"
      ])
    #expect(held.findings(LockWait()).map(\.severity) == [.notice])
    // Helpers without work, and a lock beside a thread that accepts.
    let helpers = [idle, .asleep(11, .futex(0x9000, 0)), .asleep(12, .on(.recvfrom, 4))]
    #expect(pool(helpers).titles(LockWait()).isEmpty)
    #expect(
      pool([.asleep(10, .on(.accept, 3))] + waiters).titles(LockWait()).isEmpty)
  }

  @Test("lock-wait: a lock on a file, and its holder")
  func fileLock() {
    let text =
      "1: FLOCK  ADVISORY  WRITE 40 fe:00:7 0 EOF\n"
      + "1: -> FLOCK  ADVISORY  WRITE 10 fe:00:7 0 EOF\n"
    let locked = made(.asleep(10, .on(.flock, 9))) { made in
      made.file.locks = ProcLocks(Array(text.utf8))
      made.take(MadeProcess(40, "cron", [:], [.asleep(40, .other(.nanosleep))]))
    }
    #expect(
      locked.titles(LockWait()) == [
        "1 thread of app (pid 10) waits for one lock on a file that cron (pid 40) has"
      ])
    #expect(
      locked.titles(ServerBlocked()) == [
        "127.0.0.1:9000 answers no one: its only accepting thread waits for a lock on a file that "
          + "cron (pid 40) has"
      ])
  }

  @Test("lock-wait: a deadlock of all threads, and the same where one of them accepts")
  func deadlock() {
    let first = ThreadSnapshot.asleep(10, .futex(0x7000, 0))
    let second = ThreadSnapshot.asleep(11, .futex(0x7000, 0))
    #expect(
      pool([first, second]).titles(LockWait()) == [
        "2 threads of app (pid 10) wait for one lock"
      ])
    #expect(pool([first, second, .asleep(12, .on(.accept, 3))]).titles(LockWait()).isEmpty)
  }

  @Test("what nobody is kept waiting by is no finding: servers whose queue is empty")
  func calm() {
    var calm = made(asking) { db(.running(30), &$0) }
    calm.file.servers = []
    let rules: [any Rule] = [SelfCall(), WaitCycle(), WaitsUpstream(), LockWait()]
    #expect(rules.flatMap { $0.findings(in: calm.file) }.isEmpty)
  }
}
