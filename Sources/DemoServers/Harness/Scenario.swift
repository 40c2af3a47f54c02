import CLinux
import Glibc

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

/// What a scenario cannot do without: a namespace that only the harness and its children are in,
/// and that ends with them.
public enum Need: String, Sendable, CaseIterable {
  /// A network namespace of its own, to do what would disturb the host.
  case ownNetwork = "a network namespace of its own (root)"
  /// A mount namespace of its own, for the same reason.
  case ownMounts = "a mount namespace of its own (root)"

  /// Provides it; what cannot be had is a reason to skip the scenario.
  func provide() throws(DemoError) {
    switch self {
    case .ownNetwork: try HarnessNamespace.enterNetwork()
    case .ownMounts: try HarnessNamespace.enterMounts()
    }
  }
}

/// The namespaces that a harness makes for itself.
enum HarnessNamespace {
  /// Leaves the host's network for one that has nothing but a loopback interface.
  fileprivate static func enterNetwork() throws(DemoError) {
    guard unshare(SOCKINSPECT_CLONE_NEWNET) == 0 else { throw .skip("make a network namespace") }
    let socket = try Socket(SOCK_DGRAM, family: AF_INET)
    // struct ifreq of linux/if.h: 16 bytes of name, then a union whose first word is the flags.
    var request = Array("lo".utf8) + [UInt8](repeating: 0, count: 38)
    let flags = UInt16(IFF_UP | IFF_RUNNING)
    unsafe request.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: flags, toByteOffset: 16, as: UInt16.self)
    }
    let answer = unsafe ioctl(socket.descriptor, UInt(SIOCSIFFLAGS), &request)
    guard answer == 0 else { throw .system("bring the loopback interface up") }
    socket.close()
  }

  /// Leaves the host's mounts; it does not get what is mounted from here on.
  fileprivate static func enterMounts() throws(DemoError) {
    guard unshare(newMounts) == 0 else { throw .skip("make a mount namespace") }
    let flags = UInt(MS_REC | MS_PRIVATE)
    guard unsafe mount("none", "/", nil, flags, nil) == 0 else {
      throw .skip("make the mount namespace private")
    }
  }

  /// CLONE_NEWNS of linux/sched.h (since Linux 2.4.19).
  private static let newMounts: Int32 = 0x2_0000

  /// Sets a sysctl of the network namespace, `ipv4/tcp_tw_reuse` say.
  static func setSysctl(_ name: String, to value: String) throws(DemoError) {
    try SmallFile.write(value, to: "/proc/sys/net/\(name)")
  }
}

extension DemoError {
  /// A system call that failed just now, without which a scenario cannot be shown here.
  static func skip(_ attempt: String) -> DemoError {
    DemoError("\(system(attempt).message); it needs root", status: 77)
  }
}
