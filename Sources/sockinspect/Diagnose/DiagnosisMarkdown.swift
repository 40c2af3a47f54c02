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
    appendChain(finding.chain, to: &writer)
    appendEvidence(finding.evidence, to: &writer)
    appendList("Do", finding.remedy.map(MarkdownText.prose), to: &writer)
    appendList("Do not", finding.avoid.map(MarkdownText.prose), to: &writer)
    guard !finding.check.isEmpty else { return }
    writer.append("### To see it by hand\n\n```sh\n")
    for line in finding.check { writer.append("\(MarkdownText.codeLine(line))\n") }
    writer.append("```\n")
  }

  private static func subject(_ subject: Subject) -> String {
    switch subject {
    case .listener(let socket): socket.text
    case .socket(let socket):
      socket.peer.map { "\(socket.text) with \(EvidenceSubject.text($0))" } ?? socket.text
    case .process(let process): process.text
    case .host: "the host"
    }
  }

  private static func appendList(
    _ heading: String, _ lines: [String], to writer: inout ByteWriter
  ) {
    guard !lines.isEmpty else { return }
    writer.append("### \(heading)\n\n")
    for line in lines { writer.append("- \(line)\n") }
    writer.append("\n")
  }

  private static func appendChain(_ chain: [ChainLink], to writer: inout ByteWriter) {
    guard !chain.isEmpty else { return }
    writer.append("### Who waits for whom\n\n")
    for (index, link) in chain.enumerated() {
      let target = link.waitsFor.map { " waits for \(MarkdownText.plain($0.text))" } ?? ""
      writer.append("\(index + 1). \(MarkdownText.code(ChainText.step(link)))\(target)\n")
    }
    writer.append("\n")
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
