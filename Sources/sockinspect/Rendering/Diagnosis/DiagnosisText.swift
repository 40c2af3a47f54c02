import Diagnosis
import ProcNet

/// A diagnosis for a person: the worst first, each cause with its story and what to do.
struct DiagnosisText {
  let page: TextPage
  let showsAll: Bool
  let showsEvidence: Bool
  var isBrief = false

  func append(_ report: DiagnosisReport, to writer: inout ByteWriter) {
    if report.headline == nil {
      page.append(
        report.verdict, label: report.isUndecided ? "UNKNOWN" : "OK",
        tone: report.isUndecided ? .attention : .good, to: &writer)
    }
    let groups = report.shown(all: showsAll)
    for (index, group) in groups.enumerated() {
      if index > 0 || report.headline == nil { page.appendBlank(&writer) }
      FindingText(page: page, showsEvidence: showsEvidence, isBrief: isBrief)
        .append(group, to: &writer)
    }
    appendEnd(report, hasFindings: !groups.isEmpty, &writer)
  }

  /// What was read, what is not shown, what could not be seen.
  private func appendEnd(
    _ report: DiagnosisReport, hasFindings: Bool, _ writer: inout ByteWriter
  ) {
    var lines: [(label: String, text: String)] = []
    if report.headline != nil, !isBrief { lines.append(("Looked at:", "\(report.lookedAt).")) }
    let hidden = showsAll || isBrief ? 0 : report.notices - noticesShown(report)
    if hidden > 0 {
      let pronoun = hidden == 1 ? "it" : "them"
      lines.append(
        ("Notices:", "\(DiagnosisReport.count(hidden, "notice")); `--all` shows \(pronoun)."))
    }
    lines += notSeen(report.diagnosis.gaps.telling)
    guard !lines.isEmpty else { return }
    if hasFindings { page.appendBlank(&writer) }
    for line in lines { page.append(line.text, label: line.label, margin: 11, to: &writer) }
  }

  /// A notice is shown without `--all` when something worse follows from it.
  private func noticesShown(_ report: DiagnosisReport) -> Int {
    report.shown(all: false).count { $0.cause.severity == .notice }
  }

  private static let mostGaps = 8

  private func notSeen(_ gaps: [Gap]) -> [(label: String, text: String)] {
    var lines = gaps.prefix(Self.mostGaps).map { gap in
      let ending = gap.remedy.map { "; \($0)" } ?? ""
      return (label: "Not seen:", text: "\(gap.missing): \(gap.reason)\(ending).")
    }
    if gaps.count > Self.mostGaps {
      lines.append(("Not seen:", "and \(gaps.count - Self.mostGaps) more; --json lists them all."))
    }
    return lines
  }
}
