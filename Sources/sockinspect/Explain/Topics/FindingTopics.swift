import Diagnosis

extension Topic {
  /// Every kind of finding of `diagnose`.
  static var findings: [Topic] {
    FindingKind.all.map { finding in
      let severities = finding.severities.reversed().map { "\($0)" }.joined(separator: " or ")
      return Topic(
        group: .finding, names: [finding.id, finding.title], means: finding.means,
        text: [
          "Severity: \(severities). Reported when: \(finding.condition)", finding.explanation,
        ],
        sections: [
          Section(title: "Do", lines: finding.remedy),
          Section(title: "Don't", lines: finding.avoid),
        ],
        look: finding.check + finding.demo.prefix(1).map { "sockinspect demo \($0) --hold" })
    }
  }
}
