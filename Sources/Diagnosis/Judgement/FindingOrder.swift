/// The order in which findings are told: causes before what follows from them, worst first.
enum FindingOrder {
  static func sorted(_ findings: [Finding]) -> [Finding] {
    findings.enumerated().sorted { left, right in
      let (one, other) = (rank(left.element), rank(right.element))
      return one == other ? left.offset < right.offset : one.lexicographicallyPrecedes(other)
    }.map(\.element)
  }

  private static func rank(_ finding: Finding) -> [Int] {
    [-finding.severity.rawValue, finding.isCause ? 0 : 1, -finding.confidence.rawValue]
  }
}
