import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Which finding follows from which, in what order they are told, and what a title adds.
@Suite("CauseLinks and their order")
struct CauseLinksTests {
  private static func kind(_ id: String) -> FindingKind {
    FindingKind.all.first { $0.id == id } ?? ServerBlocked.kind
  }

  private func finding(
    _ id: String, _ subject: Subject, _ severity: Severity = .critical,
    _ confidence: Confidence = .certain, chain: [Int32] = []
  ) -> Finding {
    var finding = Finding(Self.kind(id), severity, id, about: subject, confidence: confidence)
    finding.chain = chain.map {
      ChainLink(process: ProcessName(process: $0, command: []), thread: $0, call: nil)
    }
    return finding
  }

  private func process(_ number: Int32) -> Subject {
    .process(ProcessName(process: number, command: Array("x".utf8)))
  }

  private func listener(_ inode: UInt32, port: UInt16 = 9000) -> Subject {
    .listener(SocketName(ObservedListener.tcp([0], limit: 1, inode: inode, port: port).socket))
  }

  /// app (pid 10) holds listener 100 and connection 1 that came through it, db (pid 30) 200.
  private var made: MadeObservation {
    var made = MadeObservation()
    made.pair(1, 2)
    made.hold([100, 1, 300], by: 10, "app")
    made.hold([200], by: 30, "db")
    made.listener(.tcp([3, 3, 3], limit: 2, still: 3))
    made.listener(.tcp([0, 0, 0], limit: 2, inode: 200, port: 5432))
    return made
  }

  /// The causes of each finding, by id.
  private func causes(_ findings: Finding...) -> [[String]] {
    CauseLinks(made.file).linked(findings).map { $0.causes.map(\.id) }
  }

  @Test("a queue is full since its server is blocked, whichever is found first")
  func sameListener() {
    let (full, blocked) = (
      finding("accept-queue-full", listener(100)), finding("server-blocked", listener(100))
    )
    #expect(causes(full, blocked) == [["server-blocked"], []])
    #expect(causes(blocked, full) == [[], ["server-blocked"]])
    #expect(causes(full, finding("server-blocked", listener(200, port: 5432))) == [[], []])
    // A shard of the same address is the same server.
    #expect(causes(full, finding("server-blocked", listener(101))) == [["server-blocked"], []])
  }

  @Test("a process's trouble is that of what it holds, and a connection's that of its listener")
  func held() {
    #expect(
      causes(
        finding("accept-queue-full", listener(100)), finding("process-stopped", process(10)))
        == [["process-stopped"], []])
    #expect(
      causes(
        finding("accept-queue-full", listener(100)), finding("process-stopped", process(30)))
        == [[], []])
    let connection = Subject.socket(SocketName(Socket.tcp(.established, 9000, 50_000, inode: 1)))
    #expect(
      causes(
        finding("receive-stuck", connection), finding("event-loop-blocked", listener(100)))
        == [["event-loop-blocked"], []])
    #expect(
      causes(
        finding("receive-stuck", connection),
        finding("event-loop-blocked", listener(200, port: 5432))) == [[], []])
  }

  @Test("a chain leads to whoever is on the way, not to its own beginning")
  func onTheWay() {
    let waiting = finding("waits-upstream", listener(100), .notice, chain: [10, 30])
    #expect(
      causes(waiting, finding("server-blocked", listener(200, port: 5432)))
        == [["server-blocked"], []])
    #expect(causes(waiting, finding("process-stopped", process(30))) == [["process-stopped"], []])
    #expect(causes(waiting, finding("process-stopped", process(40))) == [[], []])
    // Another port of the one that waits.
    #expect(
      causes(waiting, finding("server-blocked", listener(300, port: 9001))) == [[], []])
  }

  @Test("a client's connect fails since the listener that it wants is full")
  func otherEnd() {
    var stuck = finding("connect-stuck", process(50))
    stuck.evidence = [
      Evidence("SYN sent again", 2, source: "x").on(Socket.tcp(.synSent, 50_000, 9000))
    ]
    #expect(
      causes(stuck, finding("accept-queue-full", listener(100))) == [["accept-queue-full"], []])
    #expect(
      causes(stuck, finding("accept-queue-full", listener(200, port: 5432))) == [[], []])
  }

  @Test("what the far end of a connection shows belongs to the chain that waits at the near end")
  func farEnd() {
    var waiting = finding("waits-upstream", listener(100), chain: [10, 30])
    let call = Socket.tcp(.established, 41_000, 5432, inode: 11)
    waiting.chain[0].waitsFor = ChainLink.Target(.connection, "db", socket: SocketName(call))
    func isCaused(_ port: UInt16) -> Bool {
      var unread = finding("receive-stuck", process(30), .warning)
      unread.evidence = [
        Evidence("unread bytes", 5, source: "x").on(Socket.tcp(.established, 5432, port))
      ]
      return causes(waiting, unread) == [[], ["waits-upstream"]]
    }
    #expect(isCaused(41_000) && !isCaused(41_001))
  }

  @Test("who listens on all addresses here is not in the way to another host")
  func anotherHost() {
    var stuck = finding("connect-stuck", process(50))
    var wildcard = ObservedListener.tcp([0], limit: 1).socket
    wildcard.local.address = .anyV4
    let full = finding("accept-queue-full", .listener(SocketName(wildcard)))
    func isCaused(_ address: UInt32?) -> Bool {
      stuck.evidence = [
        Evidence("SYN sent again", 2, source: "x")
          .on(Socket.tcp(.synSent, 50_000, 9000, at: address))
      ]
      return causes(stuck, full) == [["accept-queue-full"], []]
    }
    #expect(isCaused(nil) && !isCaused(0x0A00_0009))
  }

  @Test("two servers that wait for each other are no ring of causes")
  func noRings() {
    let one = finding("server-blocked", listener(100), chain: [10, 30])
    let other = finding("server-blocked", listener(200, port: 5432), chain: [30, 10])
    let linked = CauseLinks(made.file).linked([one, other])
    #expect(linked.map(\.causes.count).reduce(0, +) == 1)
    #expect(linked.filter(\.isCause).count == 1)
    let cycle = finding("wait-cycle", process(10), chain: [10, 30])
    #expect(
      CauseLinks(made.file).linked([one, cycle, other]).filter(\.isCause).map(\.id) == [
        "wait-cycle"
      ])
  }

  @Test("a fallback is left out where a finding about a ring passes its server")
  func fallbacks() {
    var waiting = finding(
      "request-unanswered", listener(200, port: 5432), .notice, chain: [30, 10])
    waiting.isFallback = true
    func told(_ cause: Finding) -> [String] {
      RuleEngine.needed(CauseLinks(made.file).linked([cause, waiting]), in: made.file).map(\.id)
    }
    #expect(told(finding("wait-cycle", process(10), chain: [10, 30])) == ["wait-cycle"])
    // A notice that nothing else makes heard would be silence.
    waiting.severity = .warning
    #expect(
      told(finding("wait-cycle", process(10), .notice, chain: [10, 30]))
        == ["wait-cycle", "request-unanswered"])
    // A cause further on, which does not mention this server.
    #expect(
      told(finding("process-stopped", process(10), chain: [10]))
        == ["process-stopped", "request-unanswered"])
  }

  private func canCause(_ cause: String, _ effect: String) -> Bool {
    Self.kind(cause).rank.canCause(Self.kind(effect).rank)
  }

  @Test("what follows from what by kind, and never both ways but among servers")
  func kinds() {
    #expect(canCause("close-wait-leak", "descriptors-exhausted"))
    #expect(canCause("lock-wait", "workers-exhausted"))
    #expect(canCause("server-blocked", "waits-upstream"))
    #expect(!canCause("accept-queue-full", "server-blocked"))
    #expect(!canCause("backlog-small", "accept-queue-full"))
    let serving: Set<String> = [
      "server-blocked", "workers-exhausted", "event-loop-blocked", "acceptor-waits-child",
      "listener-paused", "overloaded", "pool-exhausted", "waits-upstream",
    ]
    let ids = FindingKind.all.map(\.id)
    for one in ids {
      for other in ids where canCause(one, other) && canCause(other, one) {
        #expect(serving.contains(one) && serving.contains(other))
      }
    }
  }

  @Test("worst first, causes before effects, the sure before the possible, else as found")
  func order() {
    var effect = finding("accept-queue-full", listener(100))
    effect.causes = [FindingReference(id: "server-blocked", subject: listener(100))]
    let sorted = FindingOrder.sorted([
      finding("backlog-small", listener(100), .notice), effect,
      finding("lock-wait", process(10), .critical, .possible),
      finding("server-blocked", listener(100)), finding("receive-stuck", process(10), .warning),
      finding("self-call", process(10)),
    ])
    #expect(
      sorted.map(\.id) == [
        "server-blocked", "self-call", "lock-wait", "accept-queue-full", "receive-stuck",
        "backlog-small",
      ])
  }

  @Test("a cause that is a notice by itself says whom it keeps waiting")
  func headlines() {
    let lock = finding("lock-wait", process(10), .notice)
    var blocked = finding("workers-exhausted", listener(100))
    blocked.causes = [lock.reference]
    var full = finding("accept-queue-full", listener(100))
    full.causes = [blocked.reference]
    func title(_ findings: [Finding]) -> String? {
      CauseTitles.completed(findings).first { $0.id == "lock-wait" }?.title
    }
    #expect(title([lock, blocked])?.contains("127.0.0.1:9000") == true)
    // Through others as well; not where nothing critical follows, or it has a cause itself.
    var distant = blocked
    distant.severity = .warning
    #expect(title([lock, distant, full])?.contains("127.0.0.1:9000") == true)
    #expect(title([lock, distant]) == "lock-wait")
    distant.waiting = Finding.Waiting(requests: 31, oldest: 5000)
    #expect(title([lock, distant]) == "lock-wait, and 31 requests to 127.0.0.1:9000 wait")
    var effect = lock
    effect.causes = [full.reference]
    #expect(title([effect, blocked, full]) == "lock-wait")
    #expect(CauseTitles.completed([blocked]).map(\.title) == ["workers-exhausted"])
  }

  @Test("what follows from others follows from what is said")
  func said() {
    var service = MadeService(requests: [6000])
    service.front([.asleep(10, .on(.recvfrom, 11), state: "T")])
    service.made.file.listeners[0] = .tcp([3, 3, 3], limit: 128, still: 3, oldest: 5000)
    service.made.file.listeners[0].span = MadeObservation.span
    let all = service.all()
    let ids = Set(all.map(\.reference))
    #expect(all.first?.id == "process-stopped")
    for finding in all { #expect(ids.isSuperset(of: finding.causes), "\(finding.id)") }
  }

  @Test("a whole case: the blocked server is the headline, and its full queue follows")
  func whole() {
    var made = MadeObservation()
    made.pair(1, 2)
    made.hold([2], by: 50, "curl")
    made.take(
      MadeProcess(
        10, "app", [3: .socket(100), 4: .socket(1)], [.asleep(10, .on(.recvfrom, 4))]))
    made.listener(.tcp([3, 3, 3], limit: 2, still: 3))
    made.readServers()
    let findings = RuleEngine(made.file).findings
    #expect(findings.first?.id == "server-blocked")
    let full = findings.first { $0.id == "accept-queue-full" }
    #expect(full?.causes.map(\.id) == ["server-blocked"])
    #expect(findings.filter { $0.severity == .critical }.filter(\.isCause).count == 1)
  }
}
