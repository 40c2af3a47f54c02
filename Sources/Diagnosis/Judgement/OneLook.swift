import ProcNet

/// Findings from a single look, as of a recording of one moment: whether anything moves is not
/// known, so what would be certain of two looks is only likely.
enum OneLook {
  /// One look proves these: a state, a count at its limit.
  private static let proven: Set<String> = ["process-stopped", "descriptors-exhausted"]

  static func weakened(_ findings: [Finding], in file: CaseFile) -> [Finding] {
    guard file.span == nil else { return findings }
    return findings.map { finding in
      guard finding.severity > .notice, !proven.contains(finding.id) else { return finding }
      var weaker = finding
      weaker.confidence = min(finding.confidence, .likely)
      return weaker
    }
  }

  /// What cannot be told without a second moment.
  static let gap = Gap(
    missing: "what moves and what stands still", reason: "the recording holds only one moment",
    remedy: "record with --samples 2")
}
