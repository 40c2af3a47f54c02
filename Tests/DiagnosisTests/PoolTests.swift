import ProcNet
import Testing

@testable import Diagnosis

/// Connections that are all in use while more requests wait for one.
@Suite("Pools of connections")
struct PoolTests {
  /// Six requests; threads 11 and 12 ask the upstream, the others wait in a condition variable.
  private func pool(asleep: [UInt64?], timeout: CallTimeout = .never) -> MadeService {
    var service = MadeService(requests: [6000, 5500, 5000, 4500, 4000, 3500], calls: 2)
    var call = ThreadCall.futex(0x8000, 0)
    call.timeout = timeout
    let asking = (1...2).map {
      ThreadSnapshot.asleep(10 + $0, .on(.recvfrom, 30 + $0), since: 3000)
    }
    let waiting = asleep.enumerated().map {
      ThreadSnapshot.asleep(20 + Int32($0.offset), call, since: $0.element)
    }
    service.front([.asleep(10, .on(.accept, 3))] + asking + waiting)
    service.upstream([.asleep(30, .on(.accept, 3)), .asleep(31, .futex(0x7000), since: 5800)])
    return service
  }

  private static let times: [UInt64?] = [4990, 4480, 3990, 3490]

  @Test("threads that wait since the other requests came, with or without a time-out")
  func exhausted() throws {
    for timeout in [CallTimeout.never, .after(30_000)] {
      let service = pool(asleep: Self.times, timeout: timeout)
      let stall = try #require(service.stalls().first)
      #expect(stall.pool?.waiting == 4)
      #expect(stall.pool?.connections.map(\.inode).sorted() == [201, 202])
      let finding = try #require(service.findings(PoolExhausted()).first)
      #expect(finding.severity == .critical && finding.confidence == .likely)
      #expect(finding.subject == .listener(stall.listener.name))
      #expect(finding.chain.map(\.process.process).prefix(2) == [10, 30])
      #expect(finding.waiting?.requests == 6)
      // The pool tells of these requests: they are not told of twice.
      #expect(service.findings(RequestUnanswered()).isEmpty)
    }
  }

  @Test("idle threads of a pool wait since long before, or since no one knows when")
  func idleThreads() {
    for times in [[90_000, 91_000, 92_000, 93_000], [nil, nil, nil, nil], [4990, 4480, 3990]]
      as [[UInt64?]]
    {
      let service = pool(asleep: times)
      #expect(service.stalls().first?.pool == nil, "\(times)")
      #expect(service.findings(PoolExhausted()).isEmpty)
    }
    // As many calls as requests: none waits for a connection.
    var enough = MadeService(requests: [6000, 5500], calls: 2)
    enough.front(
      (1...2).map { .asleep(10 + $0, .on(.recvfrom, 30 + $0), since: 3000) } + [
        .asleep(20, .futex(0x8000, 0), since: 5990)
      ])
    enough.upstream([.asleep(30, .futex(0x7000), since: 5800)])
    #expect(enough.findings(PoolExhausted()).isEmpty)
  }

  @Test("requests of less than two seconds are no trouble yet, though the pool is empty")
  func young() {
    var service = MadeService(requests: [1900, 1800, 1700], calls: 2)
    service.front(
      (1...2).map { .asleep(10 + $0, .on(.recvfrom, 30 + $0), since: 1700) } + [
        .asleep(20, .futex(0x8000, 0), since: 1690)
      ])
    service.upstream([.asleep(30, .on(.accept, 3)), .asleep(31, .futex(0x7000), since: 1800)])
    #expect(service.stalls().first?.pool != nil)
    #expect(service.findings(PoolExhausted()).isEmpty)
  }

  /// A proxy that looks at all its clients and servers in one epoll; its two connections lead to
  /// database sessions, and two clients that it has answered are silent.
  private func proxy(_ title: String?, asks: Bool = false) -> MadeService {
    var service = MadeService(requests: [6000, 0, 0], calls: 2)
    service.restingFront()
    for number in 1...2 as ClosedRange<Int32> {
      let session = 40 + number
      service.made.take(
        MadeProcess(
          session, "postgres", [4: .socket(300 + UInt32(number))], [.asleep(session, .epoll(9))]
        ).watching(9, watched(4, 300 + UInt32(number))).child(of: 5, titled: title))
      service.ask(Int(number), since: 9000, answered: !asks)
    }
    return service
  }

  @Test("a proxy whose sessions are all idle in transaction")
  func idleInTransaction() throws {
    let service = proxy("postgres: shop orders 10.0.0.1(41001) idle in transaction")
    let pool = try #require(service.stalls().first?.pool)
    #expect(pool.idleInTransaction.map(\.process) == [41, 42] && pool.waiting == 0)
    #expect(pool.connections.map(\.inode) == [201, 202])
    #expect(pool.suspects.map(\.inode) == [102, 103], "who is silent may sit on them")
    #expect(service.findings(PoolExhausted()).map(\.severity) == [.critical])
    #expect(service.findings(RequestUnanswered()).isEmpty)
  }

  @Test("sessions that are idle outside of a transaction, or say nothing, exhaust no pool")
  func idle() {
    for title in ["postgres: shop orders 10.0.0.1(41001) idle", "postgres: x SELECT", nil] {
      #expect(proxy(title).findings(PoolExhausted()).isEmpty)
      let found = proxy(title).findings(RequestUnanswered())
      #expect(found.map(\.severity) == [.notice], "\(title ?? "")")
    }
  }

  @Test("a request that is answered meanwhile exhausts none either")
  func answered() {
    var service = proxy("postgres: shop orders 10.0.0.1(41001) idle in transaction")
    service.made.measured(101, sent: 3000, received: 6000)
    #expect(service.stalls().isEmpty)
    #expect(service.findings(PoolExhausted()).isEmpty)
  }
}
