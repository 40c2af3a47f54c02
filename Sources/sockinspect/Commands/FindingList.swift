import Diagnosis
import ProcNet

/// `diagnose --list-findings`: what it can find, and under which conditions.
enum FindingList {
  static func show(_ arguments: DiagnoseArguments) throws(KernelError) -> ExitStatus {
    var output = Output()
    switch arguments.format {
    case .json:
      let head = try Session(arguments.common).head(command: "diagnose")
      FindingListJSON.append(FindingKind.all, head, to: &output.writer)
    case .markdown: appendMarkdown(&output.writer)
    case .text, .table:
      appendText(DiagnosisOutput(arguments).page, &output.writer)
    }
    try output.flush()
    return .done
  }

  /// The id with its severities, and below it when it is reported.
  private static func appendText(_ page: TextPage, _ writer: inout ByteWriter) {
    for (index, kind) in FindingKind.all.enumerated() {
      if index > 0 { page.appendBlank(&writer) }
      let severities = kind.severities.map(\.name).joined(separator: ", ")
      page.append(
        "\(severities): \(kind.title)", label: kind.id,
        tone: kind.severities.first?.tone ?? .plain, margin: 24, to: &writer)
      page.appendParagraph(kind.condition, to: &writer)
    }
  }

  private static func appendMarkdown(_ writer: inout ByteWriter) {
    writer.append("| Finding | Severity | Condition |\n| --- | --- | --- |\n")
    for kind in FindingKind.all {
      let severities = kind.severities.map(\.name).joined(separator: ", ")
      writer.append("| `\(kind.id)` | \(severities) | \(MarkdownText.prose(kind.condition)) |\n")
    }
  }
}

/// The list as a JSON document.
enum FindingListJSON {
  static func append(
    _ kinds: [FindingKind], _ head: ReportHead, to writer: inout ByteWriter
  ) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONEnvelope.append(head, &json, &writer)
    json.key("catalogue", &writer)
    json.open("[", &writer)
    for kind in kinds {
      json.newLine(&writer)
      append(kind, &json, &writer)
    }
    json.close("]", &writer)
    JSONEnvelope.append([], &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }

  private static func append(
    _ kind: FindingKind, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("id", plain: kind.id, &writer)
    FindingJSON.append("severities", kind.severities.map(\.name), &json, &writer)
    json.member("title", text: kind.title, &writer)
    json.member("means", text: kind.means, &writer)
    json.member("condition", text: kind.condition, &writer)
    json.member("explanation", text: kind.explanation, &writer)
    FindingJSON.append("remedy", kind.remedy, &json, &writer)
    FindingJSON.append("avoid", kind.avoid, &json, &writer)
    FindingJSON.append("check", kind.check, &json, &writer)
    FindingJSON.append("demo", kind.demo, &json, &writer)
    json.close("}", &writer)
  }
}
