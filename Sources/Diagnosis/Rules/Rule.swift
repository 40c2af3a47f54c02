/// One kind of finding: when it holds, and what is said then. One file, one finding id.
protocol Rule: Sendable {
  /// The kind of finding it makes; its id names the rule.
  static var kind: FindingDescription { get }
  /// All that it finds in a case.
  func findings(in file: CaseFile) -> [Finding]
}
