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
enum FindingMarkdown {
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
