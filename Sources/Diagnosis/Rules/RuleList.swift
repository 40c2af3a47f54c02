/// All rules. One file in `Rules/` and one line here; a test compares the two.
enum RuleList {
  static let all: [any Rule] = [
    AcceptQueueFullRule(),
    AcceptQueueFillingRule(),
    SynQueuePressureRule(),
    AcceptQueueDropsRule(),
    ReuseportImbalanceRule(),
    CloseWaitLeakRule(),
    ReceiveStuckRule(),
    PeerNotReadingRule(),
    RetransmittingRule(),
    ConnectStuckRule(),
  ]
}
