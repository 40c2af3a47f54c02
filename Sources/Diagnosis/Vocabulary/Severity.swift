/// How much a finding matters, in the order in which findings are shown.
public enum Severity: Int, Sendable, Comparable, CaseIterable {
  case notice, warning, critical

  public static func < (left: Severity, right: Severity) -> Bool {
    left.rawValue < right.rawValue
  }
}
