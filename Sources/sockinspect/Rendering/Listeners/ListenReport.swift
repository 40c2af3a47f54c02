import ProcNet

/// Writes listeners in the format that was asked for.
struct ListenReport {
  let plan: ListenPlan
  let head: ReportHead
  let surroundings: any SocketContext

  func write(_ rows: [ListenRow], _ gaps: [Gap], _ writer: inout ByteWriter) {
    switch plan.format {
    case .table: writeTable(rows, &writer)
    case .json: writeDocument(rows, gaps, &writer)
    case .jsonl:
      for row in rows {
        var json = JSONWriter()
        append(row, &json, &writer)
        writer.append(UInt8(ascii: "\n"))
      }
    case .csv:
      let csv = ListenCSV(
        columns: plan.columns, showsHeader: plan.showsHeader, surroundings: surroundings)
      csv.write(rows, &writer)
    }
  }

  /// On a terminal, columns that say nothing of any row are left out unless they were asked for,
  /// and a sentence at the end says whether all is well.
  private func writeTable(_ rows: [ListenRow], _ writer: inout ByteWriter) {
    let columns = plan.hidesEmptyColumns ? columnsThatTell(rows) : plan.columns
    let table = ListenTable(
      columns: columns, showsHeader: plan.showsHeader, palette: plan.palette, width: plan.width,
      callsRoll: plan.callsRoll, surroundings: surroundings)
    if !rows.isEmpty || plan.width == nil { table.write(rows, &writer) }
    guard plan.width != nil, plan.showsHeader else { return }
    let verdict = ListenVerdict(rows)
    if !rows.isEmpty { writer.append(UInt8(ascii: "\n")) }
    writer.append(plan.palette.start(verdict.tone))
    writer.append(verdict.text)
    writer.append(plan.palette.plain)
    writer.append(UInt8(ascii: "\n"))
  }

  private static let always = ["local", "queue", "bar", "drops", "accepted", "owners"]

  private func columnsThatTell(_ rows: [ListenRow]) -> [ListenColumn] {
    plan.columns.filter { column in
      Self.always.contains(column.name)
        || rows.contains { !column.value($0, surroundings).isNothing }
    }
  }

  private func writeDocument(_ rows: [ListenRow], _ gaps: [Gap], _ writer: inout ByteWriter) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONEnvelope.append(head, &json, &writer)
    json.key(plan.hasOwnColumns ? "rows" : "listeners", &writer)
    json.open("[", &writer)
    for row in rows {
      json.newLine(&writer)
      append(row, &json, &writer)
    }
    json.close("]", &writer)
    JSONEnvelope.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }

  private func append(_ row: ListenRow, _ json: inout JSONWriter, _ writer: inout ByteWriter) {
    guard plan.hasOwnColumns else {
      return ListenJSON(surroundings: surroundings, callsRoll: plan.callsRoll)
        .append(row, &json, &writer)
    }
    json.open("{", &writer)
    for column in plan.columns {
      let value = column.value(row, surroundings)
      if value == .unknown { continue }
      json.key(String(column.name.map { $0 == "-" ? "_" : $0 }), &writer)
      append(value, &json, &writer)
    }
    json.close("}", &writer)
  }

  /// Numbers as numbers, without units.
  private func append(
    _ value: ListenValue, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    switch value {
    case .unknown: break
    case .count(let number), .milliseconds(let number), .percent(let number):
      json.number(number, &writer)
    case .rate(let rate): json.tenths(rate.tenthsPerSecond, &writer)
    case .name(let bytes): json.string(bytes, &writer)
    case .words(let text): json.text(text, &writer)
    }
  }
}
