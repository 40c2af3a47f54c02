/// Requests that every server has read at once and none answers.
struct Unanswered: Scenario {
  let name = "unanswered"
  let summary = "requests are read at once and never answered: the upstream's threads want a lock"
  let recipe = "an event loop → 3 threads in a lock that a fourth keeps; 3 requests, no queue"
  let expects: [FindingID] = [.requestUnanswered, .lockWait]
  let allows: [FindingID] = [.waitsUpstream]

  private static let requests = 3

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let upstream = try harness.serve(NamedServer("demo-backend", .thread, "kept-lock"), of: self)
    let front = try HarnessServer(harness.play("front", of: self, upstream.target))
    for _ in 0..<Self.requests { try harness.connect(to: front, saying: "order\n") }
    try harness.wait("3 requests to wait for the lock", lasting: 2500) {
      upstream.process.threads(in: .futex) == Self.requests && front.process.isIn(.poll)
        && front.hasReadAll && upstream.hasReadAll
    }
    return RunningScenario(front, upstream)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) { try EventRelay.run(words) }
}

/// The servers of unanswered, with requests that are meant to wait.
struct LongPollHealthy: Scenario {
  let name = "long-poll-healthy"
  let summary = "healthy: requests wait for long, in an event loop that has nothing to tell them"
  let recipe = "an event loop → an event loop that keeps what it reads; 3 requests, and idle time"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "unanswered"

  private static let requests = 3

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let upstream = try harness.serve(NamedServer("demo-events", .event, "never-answer"), of: self)
    let front = try HarnessServer(harness.play("front", of: self, upstream.target))
    for _ in 0..<Self.requests { try harness.connect(to: front, saying: "news?\n") }
    try harness.wait("3 requests to wait in an idle event loop", lasting: 2500) {
      upstream.connections(.established).count { $0.inode != 0 } == Self.requests
        && upstream.process.isIn(.poll) && front.process.isIn(.poll)
        && front.hasReadAll && upstream.hasReadAll
    }
    return RunningScenario(front, upstream)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) { try EventRelay.run(words) }
}

/// A small reverse proxy: an event loop that passes each request on to an upstream, over a
/// connection of its own, and each answer back. It never waits for anything but events.
private final class EventRelay {
  private let listener: ListeningSocket
  private let upstream: SocketAddress
  private let epoll: Epoll
  /// Each connection with its other side, by descriptor.
  private var pairs: [Int32: Pair] = [:]
  private var buffer = [UInt8](repeating: 0, count: 16 << 10)

  private struct Pair {
    var from, to: Socket
  }

  /// Serves on a port of 127.0.0.1 that the kernel chooses.
  /// - Parameter words: the upstream's `HOST:PORT`.
  static func run(_ words: [String]) throws(DemoError) -> Never {
    HarnessPart.setName("demo-front")
    let relay = try EventRelay(to: try SocketAddress(words.first ?? ""))
    HarnessPart.sayReady("address=127.0.0.1 port=\(relay.listener.address.port ?? 0)")
    while true { try relay.step() }
  }

  private init(to upstream: SocketAddress) throws(DemoError) {
    var options = ListenOptions(.loopback())
    options.reusesAddress = true
    listener = try ListeningSocket(options)
    listener.stopWaiting()
    self.upstream = upstream
    epoll = try Epoll()
    try epoll.add(listener.descriptor, .read)
  }

  private func step() throws(DemoError) {
    for event in try epoll.wait() {
      if event.descriptor == listener.descriptor {
        try accept()
      } else if let pair = pairs[event.descriptor] {
        pass(pair)
      }
    }
  }

  private func accept() throws(DemoError) {
    let client: Socket
    do {
      client = try listener.accept(isBlocking: false)
    } catch {
      guard error.wouldWait else { throw error }
      return
    }
    // On one host the kernel answers at once.
    let server = try Socket.open(to: upstream)
    pairs[client.descriptor] = Pair(from: client, to: server)
    pairs[server.descriptor] = Pair(from: server, to: client)
    try epoll.add(client.descriptor, .read)
    try epoll.add(server.descriptor, .read)
  }

  /// Passes on what has come; the end of one side is the end of both.
  private func pass(_ pair: Pair) {
    if case .moved(let count) = pair.from.receiveNow(into: &buffer), count > 0,
      case .moved = pair.to.sendNow(buffer[..<count])
    {
      return
    }
    for side in [pair.from, pair.to] {
      epoll.remove(side.descriptor)
      pairs[side.descriptor] = nil
    }
  }
}
