/// All rules. One file in `Rules/` and one line here; a test compares the two.
enum RuleList {
  static let all: [any Rule] = [
    AcceptQueueFullRule(),
    AcceptQueueFillingRule(),
    AcceptQueueDropsRule(),
    ServerBlockedRule(),
    WorkersExhaustedRule(),
    EventLoopBlockedRule(),
    AcceptorWaitsChildRule(),
    ProcessStoppedRule(),
    ListenerPausedRule(),
    ReuseportImbalanceRule(),
    SynQueuePressureRule(),
    SelfCallRule(),
    WaitCycleRule(),
    WaitsUpstreamRule(),
    LockWaitRule(),
    CloseWaitLeakRule(),
    ReceiveStuckRule(),
    PeerNotReadingRule(),
    RetransmittingRule(),
    ConnectStuckRule(),
    EphemeralPortsRule(),
    TimeWaitPressureRule(),
    OrphanPressureRule(),
    TCPMemoryRule(),
  ]
}
