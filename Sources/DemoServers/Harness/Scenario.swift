/// One named pathology, or its healthy twin: a server model, a handler and clients that together
/// bring about a state the diagnosis must recognise.
public protocol Scenario: Sendable {
  /// What is typed after `demo`, `serial-blocked`.
  var name: String { get }
  /// One line for the list: what goes wrong.
  var summary: String { get }
  /// Model × handler × clients, in a few words.
  var recipe: String { get }
  /// Findings that the diagnosis must give.
  var expects: [FindingID] { get }
  /// Findings that follow from the same cause and are right too.
  var allows: [FindingID] { get }
  /// The scenario that this one shows in good health.
  var healthyTwinOf: String? { get }
  /// Without these it cannot be shown.
  var needs: [Need] { get }

  /// Makes the state, and returns once the kernel shows it.
  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario
  /// Keeps the state alive while it is held, about twenty times a second.
  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError)
  /// A small program of the scenario's own, run in a process of its own.
  func act(_ role: String, _ words: [String]) throws(DemoError)
}

extension Scenario {
  public var allows: [FindingID] { [] }
  public var healthyTwinOf: String? { nil }
  public var needs: [Need] { [] }
  /// Nothing is wrong in it, and a diagnosis that finds something raises a false alarm.
  public var isHealthy: Bool { expects.isEmpty }

  public func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness)
    throws(DemoError)
  {}

  public func act(_ role: String, _ words: [String]) throws(DemoError) {
    throw DemoError("the scenario \(name) has no part '\(role)'", status: 64)
  }
}

/// A scenario that has been made: the server to diagnose first, then those behind it.
public struct RunningScenario: Sendable {
  public let servers: [HarnessServer]
  /// What to give to `diagnose` where that is not the first server: `127.0.0.2:9000`.
  private let ownTarget: String?
  /// What differs from what the summary promises, 5000 clients instead of 10000 say.
  public let note: String?

  init(_ servers: HarnessServer..., target: String? = nil, note: String? = nil) {
    self.servers = servers
    ownTarget = target
    self.note = note
  }

  init(_ servers: [HarnessServer]) {
    self.servers = servers
    ownTarget = nil
    note = nil
  }

  /// What to give to `diagnose`: `:9000`, a unix socket's path.
  public var target: String? {
    ownTarget ?? servers.first.map { $0.path ?? ":\($0.port)" }
  }
}

/// The ids of the findings that a scenario can expect of the diagnosis.
///
/// Written down here a second time on purpose: the code that makes a fault and the code that
/// recognises it share only these names, so that neither can bend the other.
public enum FindingID: String, Sendable, CaseIterable {
  case acceptQueueFull = "accept-queue-full"
  case acceptQueueFilling = "accept-queue-filling"
  case acceptQueueDrops = "accept-queue-drops"
  case serverBlocked = "server-blocked"
  case workersExhausted = "workers-exhausted"
  case eventLoopBlocked = "event-loop-blocked"
  case acceptorWaitsChild = "acceptor-waits-child"
  case processStopped = "process-stopped"
  case descriptorsExhausted = "descriptors-exhausted"
  case listenerPaused = "listener-paused"
  case reuseportImbalance = "reuseport-imbalance"
  case synQueuePressure = "syn-queue-pressure"
  case selfCall = "self-call"
  case waitCycle = "wait-cycle"
  case waitsUpstream = "waits-upstream"
  case lockWait = "lock-wait"
  case requestUnanswered = "request-unanswered"
  case closeWaitLeak = "close-wait-leak"
  case receiveStuck = "receive-stuck"
  case peerNotReading = "peer-not-reading"
  case retransmitting = "retransmitting"
  case connectStuck = "connect-stuck"
  case ephemeralPorts = "ephemeral-ports"
  case timeWaitPressure = "time-wait-pressure"
  case orphanPressure = "orphan-pressure"
  case tcpMemory = "tcp-memory"
  case backlogClipped = "backlog-clipped"
  case backlogSmall = "backlog-small"
  case udpDrops = "udp-drops"
  case unixBacklogFull = "unix-backlog-full"
  case unixReceiveFull = "unix-receive-full"
  case overloaded
  case poolExhausted = "pool-exhausted"
  case outputBlocked = "output-blocked"
  case filesystemStuck = "filesystem-stuck"
  case pathMTU = "path-mtu"
  case notListening = "not-listening"
}
