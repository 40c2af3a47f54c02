import Diagnosis
import ProcNet

/// A diagnosis as one page that needs nothing else, to attach to a ticket: the summary, the picture
/// of who waits for whom, and each cause with its evidence. No script, nothing from elsewhere.
enum DiagnosisHTML {
  static func append(_ report: DiagnosisReport, all: Bool, to writer: inout ByteWriter) {
    let host = MarkupText.escaped(String(decoding: report.head.host, as: UTF8.self))
    let kernel = MarkupText.escaped(String(decoding: report.head.kernel, as: UTF8.self))
    let time = TimeText.iso8601(milliseconds: report.head.time)
    writer.append(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(MarkupText.escaped(report.verdict))</title>
      <style>
      \(style)
      </style>
      </head>
      <body>
      <header>
      <p class="faint">sockinspect diagnose · \(host), Linux \(kernel) · \(time)</p>

      """)
    let severity = report.headline?.severity
    let word = severity?.name ?? (report.isUndecided ? "unknown" : "ok")
    let headline =
      report.roots.count > 1 ? DiagnosisSummary.counts(report) : report.verdict
    writer.append(
      "<h1><span class=\"\(word)\">\(word.uppercased())</span> \(MarkupText.prose(headline))</h1>\n"
    )
    if let target = report.target {
      writer.append("<p>Asked about <code>\(MarkupText.escaped(target))</code></p>\n")
    }
    writer.append("</header>\n")
    if !report.roots.isEmpty {
      appendTable(
        DiagnosisSummary.columns, report.roots, tones: report.roots.map(\.severity), &writer)
      writer.append("<figure>\n")
      DiagnosisSVG.append(report, to: &writer)
      writer.append("</figure>\n")
    }
    for group in report.shown(all: all) { append(group, to: &writer) }
    writer.append(
      "<footer class=\"faint\">\n<p>Looked at: \(MarkupText.escaped(report.lookedAt)).</p>\n")
    for gap in report.diagnosis.gaps.telling {
      let ending = gap.remedy.map { "; \($0)" } ?? ""
      let text = MarkupText.escaped("\(gap.missing): \(gap.reason)\(ending)")
      writer.append("<p>Not seen: \(text).</p>\n")
    }
    writer.append("</footer>\n</body>\n</html>\n")
  }

  private static func append(_ group: FindingGroup, to writer: inout ByteWriter) {
    let finding = group.cause
    let name = group.severity.name
    writer.append(
      """
      <section>
      <h2><span class="\(name)">\(name.uppercased())</span> \(MarkupText.prose(finding.title))</h2>

      """)
    if !group.workers.isEmpty {
      appendTable(WorkerRow.columns, WorkerRow.folded(group.workers), tones: [], &writer)
    }
    for paragraph in finding.story { writer.append("<p>\(MarkupText.prose(paragraph))</p>\n") }
    if let reservation = finding.confidence.reservation {
      writer.append("<p class=\"faint\">\(MarkupText.escaped(reservation))</p>\n")
    }
    appendList("What follows from it", group.effects.map { "\($0.title) (\($0.id))" }, &writer)
    appendList("Do", finding.remedy, &writer)
    appendList("Don’t", finding.avoid, &writer)
    if !finding.check.isEmpty {
      writer.append("<h3>Check</h3>\n<pre>")
      writer.append(finding.check.map(MarkupText.escaped).joined(separator: "\n"))
      writer.append("</pre>\n")
    }
    appendEvidence(finding, &writer)
    writer.append("</section>\n")
  }

  private static func appendEvidence(_ finding: Finding, _ writer: inout ByteWriter) {
    guard !finding.evidence.isEmpty else { return }
    writer.append(
      """
      <details>
      <summary>Evidence: \(DiagnosisReport.count(finding.evidence.count, "fact")) \
      (<code>\(finding.id)</code>, \(finding.confidence.name))</summary>
      <table><thead><tr><th>Fact</th><th>Value</th><th>Of</th><th>Source</th></tr></thead><tbody>

      """)
    for fact in finding.evidence {
      let cells = [
        fact.fact, EvidenceText.value(fact), EvidenceSubject.text(fact.place), fact.source,
      ]
      let row = cells.map { "<td>\(MarkupText.escaped($0))</td>" }.joined()
      writer.append("<tr>\(row)</tr>\n")
    }
    writer.append("</tbody></table>\n</details>\n")
  }

  private static func appendList(
    _ heading: String, _ lines: [String], _ writer: inout ByteWriter
  ) {
    guard !lines.isEmpty else { return }
    writer.append("<h3>\(heading)</h3>\n<ul>\n")
    for line in lines { writer.append("<li>\(MarkupText.prose(line))</li>\n") }
    writer.append("</ul>\n")
  }

  private static func appendTable<Row>(
    _ columns: [Column<Row>], _ rows: [Row], tones: [Severity], _ writer: inout ByteWriter
  ) {
    let heading = columns.map { "<th>\(MarkupText.escaped($0.heading))</th>" }.joined()
    writer.append("<table><thead><tr>\(heading)</tr></thead><tbody>\n")
    for (index, row) in rows.enumerated() {
      let cells = columns.enumerated().map { column, described in
        let tone = column == 0 && index < tones.count ? " class=\"\(tones[index].name)\"" : ""
        return "<td\(tone)>\(MarkupText.escaped(described.plainText(row)))</td>"
      }
      writer.append("<tr>\(cells.joined())</tr>\n")
    }
    writer.append("</tbody></table>\n")
  }

  private static let style = """
    :root { color-scheme: light dark; --text: #1b1f24; --faint: #59636e; --line: #d0d7de; \
    --back: #fff; --code: #f0f2f5; --critical: #c62828; --warning: #8a5200; --good: #1a7f37; }
    @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9aa4af; \
    --line: #3d444d; --back: #0d1117; --code: #1c2129; --critical: #ff6b6b; --warning: #e3a23c; \
    --good: #3fb950; } }
    body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); \
    max-width: 1120px; margin: 0 auto; padding: 24px; }
    h1 { font-size: 22px; margin: 0 0 16px; } h2 { font-size: 17px; margin: 0 0 8px; }
    h3 { font-size: 14px; margin: 12px 0 4px; } p { margin: 6px 0; } ul { margin: 4px 0; }
    section { border-top: 1px solid var(--line); padding: 20px 0 8px; }
    .faint { color: var(--faint); font-size: 13px; }
    .critical { color: var(--critical); font-weight: 700; }
    .warning { color: var(--warning); font-weight: 700; } .notice { color: var(--faint); }
    .ok { color: var(--good); } .unknown { color: var(--warning); }
    table { border-collapse: collapse; margin: 8px 0 12px; font-size: 14px; }
    th { text-align: left; color: var(--faint); font-weight: 600; }
    th, td { padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
    code, pre { font: 13px ui-monospace, monospace; background: var(--code); border-radius: 4px; }
    code { padding: 1px 4px; } pre { padding: 10px; overflow-x: auto; }
    figure { margin: 16px 0; } figure svg { max-width: 100%; height: auto; }
    summary { cursor: pointer; margin: 12px 0 4px; }
    """
}
