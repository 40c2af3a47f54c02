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

  /// Makes the state and answers only once the kernel says that it stands.
  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario
  /// Keeps the state alive while it is held, about twenty times a second.
  func keepUp(_ scene: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError)
  /// A small program of the scenario's own, run in a process of its own.
  func act(_ role: String, _ words: [String]) throws(DemoError)
}

extension Scenario {
  public var allows: [FindingID] { [] }
  public var healthyTwinOf: String? { nil }
  public var needs: [Need] { [] }
  /// Nothing is wrong in it, and a diagnosis that finds something raises a false alarm.
  public var isHealthy: Bool { expects.isEmpty }

  public func keepUp(_ scene: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError)
  {}

  public func act(_ role: String, _ words: [String]) throws(DemoError) {
    throw DemoError("the scenario \(name) has no part '\(role)'", status: 64)
  }
}

/// What a scenario cannot do without.
public enum Need: String, Sendable, CaseIterable {
  /// A network namespace of its own, to do what would disturb the host.
  case ownNetwork = "a network namespace of its own (root)"
  /// A mount namespace of its own, for the same reason.
  case ownMounts = "a mount namespace of its own (root)"

  /// Provides it; what cannot be had is a reason to skip the scenario.
  func provide() throws(DemoError) {
    switch self {
    case .ownNetwork: try HarnessNetwork.enter()
    case .ownMounts: try HarnessMounts.enter()
    }
  }
}

/// What stands on the harness: the server to look at first, then those behind it.
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
