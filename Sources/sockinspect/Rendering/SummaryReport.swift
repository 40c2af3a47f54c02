import ProcNet

/// Writes `-s` in each format.
struct SummaryReport {
  let summary: Summary
  let head: ReportHead
  let gaps: [Gap]
  let showsHeader: Bool

  func write(_ format: OutputFormat, _ writer: inout ByteWriter) {
    switch format {
    case .table: writeTable(&writer)
    case .csv: writeCSV(&writer)
    case .json, .jsonl: writeJSON(&writer)
    }
  }

  private static let headings = ["Netid", "State", "Total", "IPv4", "IPv6", "Queued", "Orphans"]

  private func cells(_ line: Summary.Line) -> [String] {
    let isInternet = line.netid.isInternet
    let isTCP = line.netid == .tcp
    return [
      line.netid.name, line.state.name, String(line.total),
      isInternet ? String(line.inet) : "-", isInternet ? String(line.inet6) : "-",
      isTCP ? String(line.queued) : "-", isTCP ? String(line.orphans) : "-",
    ]
  }

  private func writeTable(_ writer: inout ByteWriter) {
    if showsHeader { writer.append("Total: \(summary.total)\n\n") }
    for row in (showsHeader ? [Self.headings] : []) + summary.ordered.map(cells) {
      for (index, cell) in row.enumerated() {
        let spaces = (index < 2 ? 12 : 8) - cell.utf8.count
        if index >= 2 { writer.append(UInt8(ascii: " "), times: spaces) }
        writer.append(cell)
        if index < 2 { writer.append(UInt8(ascii: " "), times: max(spaces, 1)) }
      }
      writer.append(UInt8(ascii: "\n"))
    }
  }

  private func writeCSV(_ writer: inout ByteWriter) {
    if showsHeader {
      writer.append(Self.headings.map { $0.lowercased() }.joined(separator: ",") + "\n")
    }
    for line in summary.ordered {
      writer.append(cells(line).map { $0 == "-" ? "" : $0 }.joined(separator: ",") + "\n")
    }
  }

  private func writeJSON(_ writer: inout ByteWriter) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONEnvelope.append(head, &json, &writer)
    json.member("total", UInt(summary.total), &writer)
    json.key("summary", &writer)
    json.open("[", &writer)
    for line in summary.ordered { Self.append(line, &json, &writer) }
    json.close("]", &writer)
    JSONEnvelope.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }

  static func append(
    _ line: Summary.Line, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("netid", text: line.netid.name, &writer)
    json.member("state", text: line.state.name, &writer)
    json.member("total", UInt(line.total), &writer)
    if line.netid.isInternet {
      json.member("inet", UInt(line.inet), &writer)
      json.member("inet6", UInt(line.inet6), &writer)
    }
    if line.netid == .tcp {
      json.member("queued", UInt(line.queued), &writer)
      json.member("orphans", UInt(line.orphans), &writer)
    }
    json.close("}", &writer)
  }
}
