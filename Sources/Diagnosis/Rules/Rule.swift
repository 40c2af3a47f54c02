/// One kind of finding: its id, its rank among causes, its condition, and every text it emits.
/// One file in `Rules/`, one finding id, one line in `RuleList`.
protocol Rule: Sendable {
  /// The kind of finding it makes; its id names the rule.
  static var kind: FindingKind { get }
  /// All that it finds on a host.
  func findings(in host: HostObservation) -> [Finding]
}
