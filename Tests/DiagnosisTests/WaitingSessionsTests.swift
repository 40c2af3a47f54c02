import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Sessions that wait for another session, those that are well, and how workers are grouped.
@Suite("Sessions and workers")
struct WaitingSessionsTests {
  /// Two sessions of `db`: 20 with connection 1, 30 with connection 21.
  private func made(
    _ waiting: ThreadSnapshot, _ holder: ThreadSnapshot, silent: (UInt64, UInt64) = (6000, 9000),
    answered: Bool = false
  ) -> MadeCase {
    var made = MadeCase()
    made.pair(1, 2)
    made.pair(21, 22, port: 50_001)
    made.hold([2], by: 50, "psql")
    made.hold([22], by: 60, "psql")
    made.take(
      MadeProcess(
        20, "db", [4: .socket(1), 6: .signal], [waiting]
      )
      .watching(9, "6 events: 1 data: 0 pos:0 ino:7 sdev:9"))
    made.take(MadeProcess(30, "db", [4: .socket(21)], [holder]).watching(9, watched(4, 21)))
    made.measured(1, sent: answered ? 100 : silent.0 + 500, received: silent.0)
    made.measured(21, sent: silent.1 - 5, received: silent.1)
    made.listener(.tcp([0, 0, 0], limit: 128))
    return made
  }

  private let asleep = ThreadSnapshot.asleep(20, .epoll(9))
  private let forClient = ThreadSnapshot.asleep(30, .epoll(9))

  @Test("one session waits while another's client is silent for longer")
  func lock() {
    let made = made(asleep, forClient)
    #expect(
      made.titles(RequestUnanswered()) == [
        "1 client of 127.0.0.1:9000 has been waiting for an answer for up to 6 s"
      ])
    #expect(made.findings(RequestUnanswered()).map(\.severity) == [.warning])
    #expect(
      made.titles(LockWait()) == [
        "1 session behind 127.0.0.1:9000 has not answered for 6 s, probably for a lock that "
          + "db (pid 30) holds while it waits for its client 127.0.0.1:50001 (psql, pid 60)"
      ])
    #expect(made.findings(LockWait()).map(\.confidence) == [.possible])
  }

  @Test("a wait that began before the other's silence is nobody's fault who shows")
  func order() {
    let made = made(asleep, forClient, silent: (9000, 6000))
    #expect(made.titles(LockWait()).isEmpty)
    #expect(made.findings(RequestUnanswered()).map(\.severity) == [.notice])
  }

  @Test("sessions that answered, that move, that wait for their client, or compute")
  func calm() {
    let moved = ThreadSnapshot.asleep(20, .epoll(9), switches: 5)
    var moving = MadeProcess(20, "db", [4: .socket(1)], [moved], before: [asleep])
    moving = moving.watching(9)
    var restless = made(asleep, forClient)
    restless.take(moving)
    for calm in [
      restless, made(asleep, forClient, answered: true), made(.running(20), forClient),
      made(.asleep(20, .on(.recvfrom, 4)), forClient), made(.asleep(20, .poll([4])), forClient),
      made(asleep, forClient, silent: (900, 9000)),
    ] {
      #expect(calm.titles(RequestUnanswered()).isEmpty)
      #expect(calm.titles(LockWait()).isEmpty)
    }
  }

  @Test("a wait that could not be read tells nothing")
  func blind() {
    var made = made(.asleep(20, .poll(nil)), forClient)
    #expect(made.titles(RequestUnanswered()).isEmpty)
    made.take(MadeProcess(20, "db", nil, [.denied(20)]))
    #expect(made.titles(RequestUnanswered()).isEmpty)
  }

  @Test("a clock that ticks every 10 ms does not tell an answer from a request")
  func ticks() {
    func unanswered(_ sent: UInt64, _ received: UInt64) -> Bool {
      TCPInfo.with([.lastDataSent: sent, .lastDataRecv: received, .dataSegsIn: 1])
        .isUnansweredRequest
    }
    #expect(unanswered(500, 510) && !unanswered(500, 511) && unanswered(900, 500))
    let silent = TCPInfo.with([.lastDataSent: 900, .lastDataRecv: 500])
    #expect(!silent.isUnansweredRequest)
  }

  @Test("workers by what they wait for, the most first")
  func groups() {
    var made = MadeCase()
    for (number, inode) in ([1, 21, 31] as [UInt32]).enumerated() {
      made.pair(inode, inode + 1, port: 50_000 + UInt16(number))
    }
    made.file.table.insert(.tcp(.established, 41_000, 5432, inode: 11, at: 0x0A00_0009))
    made.take(
      MadeProcess(
        10, "app",
        [3: .socket(100), 4: .socket(1), 5: .socket(21), 6: .socket(31), 7: .socket(11)],
        [
          .asleep(10, .futex(0x8000, 0)), .asleep(11, .on(.recvfrom, 7)),
          .asleep(12, .on(.recvfrom, 4)), .asleep(13, .on(.recvfrom, 5)),
          .asleep(14, .on(.sendto, 6)), .asleep(15, .futex(0x7000)),
        ]))
    made.clogged()
    let workers = made.server().map { Workers(made.file, $0) }
    #expect(workers?.count == 5 && workers?.word == "worker threads")
    #expect(workers?.groups.map(\.blockers.count) == [2, 1, 1, 1])
    #expect(workers?.groups.first?.blockers.allSatisfy(\.isAccepted) == true)
    #expect(workers?.isCertain == true)
  }
}
