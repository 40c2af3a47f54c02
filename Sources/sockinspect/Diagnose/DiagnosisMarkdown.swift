import Diagnosis
import ProcNet

/// A diagnosis as an incident ticket.
enum DiagnosisMarkdown {
  static func append(
    _ report: DiagnosisReport, all: Bool, to writer: inout ByteWriter
  ) {
    let severity = report.headline?.severity.name.uppercased() ?? "OK"
    writer.append("# \(severity): \(MarkdownText.prose(report.verdict))\n\n")
    let host = MarkdownText.plain(String(decoding: report.head.host, as: UTF8.self))
    let kernel = MarkdownText.plain(String(decoding: report.head.kernel, as: UTF8.self))
    writer.append("- Host: \(host), Linux \(kernel)\n")
    writer.append("- Time: \(TimeText.iso8601(milliseconds: report.head.time))\n")
    if let target = report.target { writer.append("- Asked about: \(MarkdownText.code(target))\n") }
    writer.append("- Looked at: \(report.lookedAt)\n")
    if report.roots.count > 1 {
      writer.append("\n## \(DiagnosisSummary.counts(report))\n\n")
      MarkdownText.appendTable(DiagnosisSummary.columns, report.roots, to: &writer)
    }
    for group in report.shown(all: all) { FindingMarkdown.append(group, to: &writer) }
    append(report.diagnosis.gaps.telling, to: &writer)
  }

  private static func append(_ gaps: [Gap], to writer: inout ByteWriter) {
    guard !gaps.isEmpty else { return }
    writer.append("\n## Not seen\n\n")
    for gap in gaps {
      let ending = gap.remedy.map { "; \($0)" } ?? ""
      writer.append("- \(MarkdownText.plain("\(gap.missing): \(gap.reason)\(ending)"))\n")
    }
  }
}

/// One cause with what follows from it, as a section of the ticket.
private enum FindingMarkdown {
  static func append(_ group: FindingGroup, to writer: inout ByteWriter) {
    let finding = group.cause
    writer.append("\n## \(MarkdownText.prose(finding.title))\n\n")
    let known = "`\(finding.id)`, \(group.severity.name), \(finding.confidence.name)"
    writer.append("\(known), about \(MarkdownText.code(subject(finding.subject)))\n\n")
    for paragraph in finding.story { writer.append("\(MarkdownText.prose(paragraph))\n\n") }
    let effects = group.effects.map {
      "\(MarkdownText.prose($0.title)) (`\($0.id)`, \($0.severity.name))"
    }
    appendList("What follows from it", effects, to: &writer)
    appendChain(group, to: &writer)
    appendWorkers(group.workers, to: &writer)
    appendEvidence(finding.evidence, to: &writer)
    appendList("Do", finding.remedy.map(MarkdownText.prose), to: &writer)
    appendList("Do not", finding.avoid.map(MarkdownText.prose), to: &writer)
    guard !finding.check.isEmpty else { return }
    writer.append("### To see it by hand\n\n```sh\n")
    for line in finding.check { writer.append("\(MarkdownText.codeLine(line))\n") }
    writer.append("```\n")
  }

  private static func subject(_ subject: Subject) -> String {
    guard case .socket(let socket) = subject, let peer = socket.peer else { return subject.text }
    return "\(socket.text) with \(EvidenceSubject.text(peer))"
  }

  private static func appendList(
    _ heading: String, _ lines: [String], to writer: inout ByteWriter
  ) {
    guard !lines.isEmpty else { return }
    writer.append("### \(heading)\n\n")
    for line in lines { writer.append("- \(line)\n") }
    writer.append("\n")
  }

  private static func appendChain(_ group: FindingGroup, to writer: inout ByteWriter) {
    guard let chain = DrawnChain(group) else { return }
    writer.append("### Who waits for whom\n\n")
    for (index, station) in chain.stations.enumerated() {
      let name =
        station.isRoot
        ? "**\(MarkdownText.plain(station.name))**" : MarkdownText.plain(station.name)
      writer.append("\(index + 1). \(name)\(MarkdownText.plain(station.details))\n")
    }
    writer.append("\n")
  }

  private static func appendWorkers(_ workers: [BusyWorker], to writer: inout ByteWriter) {
    guard !workers.isEmpty else { return }
    writer.append("### Workers\n\n")
    MarkdownText.appendTable(WorkerRow.columns, WorkerRow.folded(workers), to: &writer)
  }

  private static func appendEvidence(_ evidence: [Evidence], to writer: inout ByteWriter) {
    guard !evidence.isEmpty else { return }
    writer.append("### Evidence\n\n| Fact | Value | Of | Source |\n| --- | --- | --- | --- |\n")
    for fact in evidence {
      let place = EvidenceSubject.text(fact.place)
      let cells = [
        MarkdownText.plain(fact.fact), MarkdownText.plain(EvidenceText.value(fact)),
        MarkdownText.plain(place), MarkdownText.code(fact.source),
      ]
      writer.append("| \(cells.joined(separator: " | ")) |\n")
    }
    writer.append("\n")
  }
}

/// Foreign text in Markdown: made safe, and nothing in it is markup.
enum MarkdownText {
  private static let special = Set("\\`*_{}[]<>#|~!&")

  /// Text with its backquotes as they are meant: words to type become code.
  static func prose(_ text: String) -> String {
    Prose(safe(text), marks: ["`"]).pieces.map { piece in
      piece.kind == .plain ? escaped(piece.text) : spanned(piece.text)
    }.joined()
  }

  /// Text in which nothing is marked.
  static func plain(_ text: String) -> String { escaped(safe(text)) }

  /// A code span, also in a cell of a table: there a bar ends even code.
  static func code(_ text: String) -> String { spanned(safe(text)) }

  /// A line of a code block; a fence within it would need the line to begin with one.
  static func codeLine(_ text: String) -> String {
    let text = safe(text)
    return text.hasPrefix("```") || text.hasPrefix("~~~") ? " \(text)" : text
  }

  /// A table of a report's columns; what is not known is an empty cell.
  static func appendTable<Row>(
    _ columns: [Column<Row>], _ rows: [Row], to writer: inout ByteWriter
  ) {
    writer.append("| \(columns.map(\.heading).joined(separator: " | ")) |\n")
    writer.append("|\(columns.map { _ in " --- |" }.joined())\n")
    for row in rows {
      let cells = columns.map { plain($0.plainText(row)) }
      writer.append("| \(cells.joined(separator: " | ")) |\n")
    }
    writer.append("\n")
  }

  private static func safe(_ text: String) -> String { SafeText.string(text) }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if special.contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  /// The fence is longer than any run of backquotes inside.
  private static func spanned(_ text: String) -> String {
    var (run, longest) = (0, 0)
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let pad = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    let inside = text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String($1) }
    return fence + pad + inside + pad + fence
  }
}
