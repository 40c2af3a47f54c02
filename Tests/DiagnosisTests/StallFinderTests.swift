import ProcNet
import Testing

@testable import Diagnosis

/// Requests that were read and are not answered, and the root cause that they share.
@Suite("Requests without an answer")
struct StallFinderTests {
  /// Three threads of the upstream want a lock that a fourth has, which sleeps.
  private static let locked: [ThreadSnapshot] =
    (31...33).map { .asleep($0, .futex(0x7000, holder: 34), since: 4000) } + [
      .asleep(34, .other(.nanosleep), since: 9000)
    ]

  private func behindLock() -> MadeService {
    var service = MadeService(requests: [6000, 5000, 4500], calls: 3)
    service.restingFront()
    service.upstream([.asleep(30, .on(.accept, 3))] + Self.locked)
    return service
  }

  @Test("an event loop at rest whose upstream waits for a lock: proven, told once, by the front")
  func upstreamLocked() throws {
    let stalls = behindLock().stalls()
    #expect(stalls.count == 1)
    let stall = try #require(stalls.first)
    #expect(stall.listener.socket.inode == 100 && stall.processes.map(\.process) == [10])
    #expect(stall.requests.map(\.since) == [6000, 5000, 4500] && stall.oldest == 6000)
    #expect(stall.path.links.map(\.process.process) == [10, 30, 30])
    #expect(stall.path.links.map(\.thread) == [nil, 31, 34])
    #expect(stall.abandoned == 0 && stall.pool == nil)
    let finding = try #require(behindLock().findings(RequestUnanswered()).first)
    #expect(finding.severity == .warning && finding.confidence == .likely)
    #expect(finding.waiting == Finding.Waiting(requests: 3, oldest: 6000))
    #expect(finding.chain.map(\.process.process) == [10, 30, 30])
    #expect(behindLock().findings(LockWait()).map(\.id) == ["lock-wait"])
  }

  @Test(
    "a loop that is at a lock: nobody waits in its epoll, and it fell asleep as the request came")
  func loopAtLock() throws {
    func stall(_ main: ThreadSnapshot, beside: [ThreadSnapshot]) -> Stall? {
      var service = MadeService(requests: [6000])
      service.front([main] + beside, isLoop: true)
      return service.stalls().first
    }
    let condition = ThreadCall.futex(0x7000, 0)
    let helper = ThreadSnapshot.asleep(11, condition, since: 90_000)
    let away = try #require(stall(.asleep(10, condition, since: 5990), beside: [helper]))
    #expect(away.isProven && away.path.links.map(\.thread) == [10])
    // In its wait; asleep since another time; one of two that fell asleep then, neither the first.
    #expect(stall(.asleep(10, .epoll(9), since: 100), beside: [helper])?.isProven == false)
    #expect(stall(.asleep(10, condition, since: 90_000), beside: [helper])?.isProven == false)
    let two = (12...13).map { ThreadSnapshot.asleep($0, condition, since: 5990) }
    #expect(stall(helper, beside: two)?.isProven == false)
  }

  @Test("workers at one lock in shared memory are one story, at locks of their own they are not")
  func sharedLock() {
    func stalls(_ flags: UInt64) -> [Stall] {
      var service = MadeService(requests: [6000])
      service.front([.asleep(10, lock(flags), since: 5900)])
      service.made.file.table.insert(.tcp(.established, 9000, 50_900, inode: 900))
      service.made.file.table.insert(.tcp(.established, 50_900, 9000, inode: 1900))
      service.made.measured(900, sent: 9000, received: 5000)
      service.made.take(
        MadeProcess(
          20, "front", [3: .socket(100), 11: .socket(900)],
          [.asleep(20, lock(flags), since: 4900)]))
      return service.stalls()
    }
    func lock(_ flags: UInt64) -> ThreadCall {
      var call = ThreadCall.futex(0x7000)
      call.arguments[1] = flags
      return call
    }
    let shared = stalls(0x09)
    #expect(shared.map(\.requests.count) == [2])
    #expect(shared.first?.processes.map(\.process) == [10, 20])
    #expect(stalls(0x89).map(\.requests.count) == [1, 1])
  }

  @Test("the lock is the cause of the requests that wait, by the engine")
  func causes() {
    let all = behindLock().all()
    #expect(Set(all.map(\.id)) == ["request-unanswered", "lock-wait"])
    let unanswered = all.first { $0.id == "request-unanswered" }
    #expect(unanswered?.causes.map(\.id) == ["lock-wait"])
  }

  @Test("a long poll: everybody is at rest, a notice at most")
  func longPoll() throws {
    var service = MadeService(requests: [6000, 5000, 4500], calls: 3)
    service.restingFront()
    service.upstream([.asleep(30, .epoll(9), since: 4000)], isLoop: true)
    let stall = try #require(service.stalls().first)
    #expect(!stall.isProven)
    let all = service.all()
    #expect(all.allSatisfy { $0.severity == .notice } && !all.isEmpty)
    #expect(all.allSatisfy { $0.id == "request-unanswered" && $0.confidence == .possible })
  }

  @Test("what only repeats a cause can be left out")
  func fallback() {
    #expect(behindLock().findings(RequestUnanswered()).map(\.isFallback) == [true])
  }

  /// Requests whose threads pass a lock around while another thread computes.
  private func convoy(_ requests: [UInt64], ticks: UInt64, wake: Bool = true) -> [Stall] {
    var service = MadeService(requests: requests)
    var process = MadeProcess(
      10, "java", [3: .socket(100)],
      [.running(9, ticks: ticks)]
        + requests.indices.map { .asleep(11 + Int32($0), .futex(0x7000), since: 20) })
    for number in requests.indices {
      process.now.descriptors?[Int32(number) + 11] = .socket(UInt32(number) + 101)
      process.before.descriptors = process.now.descriptors
    }
    process.now.threads[0].command = Array("GC Thread#0".utf8)
    service.made.take(wake ? process.awake() : process)
    return service.stalls()
  }

  @Test("threads that wake at a lock and get nowhere wait for the one that computes")
  func collector() throws {
    let stall = try #require(convoy([6000, 5000, 4000], ticks: 90).first)
    guard case .processor(let thread) = stall.path.end else {
      Issue.record("not the thread that computes: \(stall.path.end)")
      return
    }
    #expect(thread.ownName == "GC Thread#0" && stall.engaged == 1 && stall.isProven)
    #expect(stall.path.links.map(\.thread) == [9])
    // Those at a lock that stands still wait for the lock, and so they do where nothing computes.
    #expect(convoy([6000, 5000, 4000], ticks: 90, wake: false).first?.engaged == 4)
    let still = convoy([6000, 5000, 4000], ticks: 0).first
    #expect(still?.path.links.first?.waitsFor?.kind == .lock)
  }

  @Test("who reads from a slow disk is at work; who does not move there is stuck")
  func disk() throws {
    func isProven(woken: Bool) throws -> Bool {
      var thread = ThreadSnapshot.asleep(10, .other(nil), state: "D", since: 5)
      thread.activity = .outsideCall
      var service = MadeService(requests: [6000])
      var process = MadeProcess(10, "app", [3: .socket(100), 11: .socket(101)], [thread])
      if woken { process = process.awake() }
      service.made.take(process)
      return try #require(service.stalls().first).isProven
    }
    #expect(try isProven(woken: false))
    #expect(try !isProven(woken: true))
  }

  @Test("requests of less than two seconds, and those that were answered, are none")
  func recent() {
    func ids(_ requests: [UInt64]) -> [String] {
      var service = MadeService(requests: requests, calls: 1)
      service.restingFront()
      service.upstream([.asleep(30, .futex(0x7000), since: requests[0])])
      return service.findings(RequestUnanswered()).map(\.id)
    }
    #expect(ids([2000]) == ["request-unanswered"])
    #expect(ids([1999]).isEmpty && ids([900]).isEmpty && ids([0]).isEmpty)
    var answered = behindLock()
    for number in 1...3 {
      answered.ask(number, since: 4000, answered: true)
      answered.made.measured(100 + UInt32(number), sent: 3900, received: 4000)
    }
    #expect(answered.stalls().isEmpty)
  }

  @Test("a call that was made long before the request has nothing to do with it")
  func olderCall() throws {
    var service = MadeService(requests: [3000], calls: 1)
    service.restingFront()
    service.upstream([.asleep(30, .futex(0x7000), since: 60_000)])
    #expect(try #require(service.stalls().first).isProven)
    service.ask(1, since: 60_000)
    #expect(
      try #require(service.stalls().first { $0.listener.socket.inode == 100 }).path.links.isEmpty)
  }

  @Test("data that the upstream does not acknowledge is proof, and its retransmission the cause")
  func unacknowledged() throws {
    var service = MadeService(requests: [9000], calls: 1)
    service.restingFront()
    var row = Socket.tcp(
      .established, 41_009, 5432, inode: 201, sent: 90, timer: .retransmission(5), at: 0x0A00_0009)
    row.local.address = IPAddress(v4: 0x0A00_0001)
    service.made.connection(row, row)
    service.made.measured(
      201, sent: 1000, received: 9900,
      [.unacked: 1, .retransmits: 5, .backoff: 5, .rto: 6_400_000, .lastAckRecv: 9900])
    let stall = try #require(service.stalls().first)
    guard case .unacknowledged(let lost) = stall.path.end else {
      Issue.record("not the data that is lost: \(stall.path.end)")
      return
    }
    #expect(lost.inode == 201 && stall.isProven)
    #expect(service.roots() == ["retransmitting"])
  }

  @Test("a handshake with another host that is not answered is the cause")
  func connecting() throws {
    var service = MadeService(requests: [9000], calls: 1)
    service.restingFront()
    var row = Socket.tcp(
      .synSent, 41_009, 5432, inode: 201, timer: .retransmission(3), at: 0x0A00_0009)
    row.local.address = IPAddress(v4: 0x0A00_0001)
    service.made.connection(row, row)
    service.made.file.conversations[201] = nil
    #expect(try #require(service.stalls().first).isProven)
    #expect(service.roots() == ["connect-stuck"])
  }

  @Test("a listener of this host with room that does not answer: something drops the SYNs")
  func filtered() throws {
    func made(waiting: UInt32) throws -> (end: WaitEnd, all: [Finding]) {
      var service = MadeService(requests: [9000])
      service.made.listener(.tcp([waiting, waiting, waiting], limit: 2, inode: 199, port: 5432))
      let row = Socket.tcp(.synSent, 41_009, 5432, inode: 201, timer: .retransmission(3))
      service.made.connection(row, row)
      service.front(
        [.asleep(10, .epoll(9), since: 100)], isLoop: true, [31: .socket(201)])
      service.made.file.conversations[201] = nil
      return (try #require(service.stalls().first).path.end, service.all())
    }
    let kept = try made(waiting: 0)
    guard case .connecting = kept.end else {
      Issue.record("not the handshake: \(kept.end)")
      return
    }
    #expect(kept.all.filter(\.isCause).map(\.id) == ["connect-stuck"])
    #expect(kept.all.first?.remedy.first?.contains("nft list ruleset") == true)
    guard case .queue = try made(waiting: 3).end else {
      Issue.record("not the queue")
      return
    }
  }

  /// One thread serves; it computes, or sleeps, since before the newest request.
  private func single(_ thread: ThreadSnapshot, _ requests: [UInt64]) -> MadeService {
    var service = MadeService(requests: requests)
    service.front([thread])
    return service
  }

  @Test("behind a thread that computes or sleeps more requests wait than it serves: proven")
  func occupied() {
    for thread in [
      ThreadSnapshot.running(10, ticks: 90), .asleep(10, .other(.nanosleep), since: 5000),
    ] {
      #expect(
        single(thread, [6000, 5000]).findings(RequestUnanswered()).map(\.severity) == [.warning])
      // With one request it does what it was asked for.
      #expect(single(thread, [6000]).findings(RequestUnanswered()).map(\.severity) == [.notice])
    }
  }

  @Test("a stopped server keeps its requests, and is the cause")
  func halted() {
    #expect(single(.asleep(10, .on(.accept, 3), state: "T"), [6000]).roots() == ["process-stopped"])
  }

  @Test("clients that hung up prove that it is no long poll, three of them")
  func abandoned() throws {
    func stall(left: Int, calls: Int = 4) throws -> Stall {
      var service = MadeService(requests: [9000, 8000, 7000, 6000], calls: calls, left: left)
      service.restingFront()
      if calls > 0 { service.upstream([.asleep(30, .epoll(9), since: 4000)], isLoop: true) }
      return try #require(service.stalls().first { $0.listener.socket.inode == 100 })
    }
    #expect(try stall(left: 3).abandoned == 3)
    #expect(try stall(left: 3).isProven && !stall(left: 2).isProven)
    // Nothing shows of what it waits for: they may have hung up on a poll.
    #expect(try !stall(left: 3, calls: 0).isProven)
  }

  @Test("connections that are still worked on are no leak; those of a poll are")
  func abandonedAndOpen() {
    func ids(_ threads: [ThreadSnapshot]) -> [String] {
      var service = MadeService(
        requests: Array(repeating: 90_000, count: 4), calls: 4, left: 4)
      service.restingFront()
      service.upstream(threads)
      for number in 1...4 as ClosedRange<UInt32> {
        let row = service.made.file.table.socket(inode: 100 + number)
        service.made.connection(
          row, row, .with([.lastAckRecv: 90_000, .lastDataRecv: 90_000, .lastDataSent: 95_000]))
      }
      return service.findings(CloseWaitLeak()).map(\.id)
    }
    #expect(ids([.asleep(30, .futex(0x7000), since: 80_000)]).isEmpty)
    #expect(ids([]) == [])
  }

  @Test("one story per root: of front, gateway and upstream the front tells it")
  func outermost() {
    var service = behindLock()
    // A second front waits for something else.
    service.made.listener(.tcp([0, 0, 0], limit: 128, inode: 198, port: 9001))
    service.made.pair(401, 402, port: 52_000, to: 9001)
    service.made.measured(401, sent: 9000, received: 8000)
    service.made.take(
      MadeProcess(
        70, "other", [3: .socket(198), 4: .socket(401)], [.asleep(70, .futex(0x9000), since: 8000)])
    )
    let found = service.stalls()
    #expect(found.map { $0.listener.socket.inode }.sorted() == [100, 198])
    #expect(found.first?.requests.count == 3, "the one with most requests comes first")
  }

  @Test("one story as well where clients that hung up prove it of the front alone")
  func outermostProven() {
    var service = MadeService(requests: [9000, 8000, 7000, 6000], calls: 4, left: 3)
    service.restingFront()
    service.upstream([.asleep(30, .epoll(9), since: 4000)], isLoop: true)
    #expect(service.stalls().map { $0.listener.socket.inode } == [100])
  }

  @Test("of loops that ask each other in a ring one tells the story")
  func ring() {
    var service = MadeService(requests: [6000], calls: 1)
    service.restingFront()
    // The upstream asks the front, which has read that as well.
    service.made.pair(601, 602, port: 43_000)
    service.made.measured(601, sent: 6500, received: 5800)
    service.made.measured(602, sent: 5800, received: 6500)
    service.made.take(
      MadeProcess(
        10, "front", [3: .socket(100), 11: .socket(101), 12: .socket(601), 31: .socket(201)],
        [.asleep(10, .epoll(9))]
      ).watching(9, watched(3, 100), watched(11, 101), watched(12, 601), watched(31, 201)))
    service.made.take(
      MadeProcess(
        30, "upstream", [3: .socket(199), 11: .socket(301), 12: .socket(602)],
        [.asleep(30, .epoll(9))]
      ).watching(9, watched(3, 199), watched(11, 301), watched(12, 602)))
    #expect(service.stalls().map { $0.listener.socket.inode } == [100])
  }

  @Test("of stalls with as many requests the one that waits longest comes first")
  func order() {
    var service = MadeService(requests: [3000])
    service.front([.running(10, ticks: 90)])
    service.made.listener(.tcp([0, 0, 0], limit: 128, inode: 198, port: 9001))
    service.made.pair(401, 402, port: 52_000, to: 9001)
    service.made.measured(401, sent: 9000, received: 8000)
    service.made.take(
      MadeProcess(70, "other", [3: .socket(198), 4: .socket(401)], [.running(70, ticks: 90)]))
    #expect(service.stalls().map(\.oldest) == [8000, 3000])
  }

  @Test("two processes of one server that wait for the same are one stall")
  func workers() throws {
    var service = MadeService(requests: [6000, 5000], calls: 2)
    let locked = Self.locked
    service.upstream([.asleep(30, .on(.accept, 3))] + locked)
    for (process, number) in [(10, 1), (11, 2)] as [(Int32, UInt32)] {
      service.made.take(
        MadeProcess(
          process, "front", [3: .socket(100), 4: .socket(100 + number), 5: .socket(200 + number)],
          [.asleep(process, .on(.recvfrom, 5))]))
    }
    let stall = try #require(service.stalls().first)
    #expect(service.stalls().count == 1 && stall.processes.map(\.process) == [10, 11])
    #expect(stall.requests.map(\.since) == [6000, 5000] && stall.engaged == 2)
  }
}
