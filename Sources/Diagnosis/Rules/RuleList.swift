/// One kind of finding: its id, its rank among causes, its condition, and every text it emits.
/// One file in `Rules/`, one finding id, one line in `RuleList`.
protocol Rule: Sendable {
  /// The kind of finding it makes; its id names the rule.
  static var kind: FindingKind { get }
  /// All that it finds on a host.
  func findings(in host: HostObservation) -> [Finding]
}

/// All rules. One file in `Rules/` and one line here; a test compares the two.
enum RuleList {
  static let all: [any Rule] = [
    AcceptQueueFull(),
    AcceptQueueFilling(),
    AcceptQueueDrops(),
    ServerBlocked(),
    WorkersExhausted(),
    Overloaded(),
    EventLoopBlocked(),
    AcceptorWaitsChild(),
    ProcessStopped(),
    DescriptorsExhausted(),
    ListenerPaused(),
    ReuseportImbalance(),
    SynQueuePressure(),
    SelfCall(),
    WaitCycle(),
    WaitsUpstream(),
    LockWait(),
    RequestUnanswered(),
    PoolExhausted(),
    OutputBlocked(),
    FilesystemStuck(),
    CloseWaitLeak(),
    ReceiveStuck(),
    PeerNotReading(),
    Retransmitting(),
    PathMTU(),
    ConnectStuck(),
    EphemeralPorts(),
    TimeWaitPressure(),
    OrphanPressure(),
    TCPMemory(),
    BacklogClipped(),
    BacklogSmall(),
    UDPDrops(),
    UnixBacklogFull(),
    UnixReceiveFull(),
    NotListening(),
  ]
}

extension FindingKind {
  /// The kinds of all findings in the order of the manual: queues, servers, connections, the host,
  /// other kinds of socket, the target.
  public static let all: [FindingKind] = RuleList.all.map { type(of: $0).kind }

  public static func named(_ id: String) -> FindingKind? { all.first { $0.id == id } }
}
