import ProcNet

/// Writes counters in the format that was asked for.
struct CounterReport {
  let plan: CountersPlan
  let head: ReportHead

  func write(_ rows: [CounterRow], _ gaps: [Gap], at time: UInt64, _ writer: inout ByteWriter) {
    switch plan.format {
    case .table:
      let listing = CounterListing(
        columns: plan.columns, showsHeader: plan.showsHeader, palette: plan.palette,
        width: plan.width)
      listing.write(rows, &writer)
    case .json: writeDocument(rows, gaps, at: time, &writer)
    case .jsonl:
      for row in rows {
        var json = JSONWriter()
        append(row, at: time, &json, &writer)
        writer.append(UInt8(ascii: "\n"))
      }
    case .csv: writeCSV(rows, &writer)
    }
  }

  private func writeDocument(
    _ rows: [CounterRow], _ gaps: [Gap], at time: UInt64, _ writer: inout ByteWriter
  ) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONEnvelope.append(head, &json, &writer)
    json.key(plan.hasOwnColumns ? "rows" : "counters", &writer)
    json.open("[", &writer)
    for row in rows {
      json.newLine(&writer)
      append(row, at: time, &json, &writer)
    }
    json.close("]", &writer)
    JSONEnvelope.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }

  private func append(
    _ row: CounterRow, at time: UInt64, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard plan.hasOwnColumns else {
      // One object a line has no document around it that could say when.
      let own = plan.format == .jsonl && row.change != nil ? time : nil
      return CounterJSON.append(row, at: own, &json, &writer)
    }
    json.open("{", &writer)
    for column in plan.columns {
      let value = column.value(row)
      if value == .unknown { continue }
      json.key(String(column.name.map { $0 == "-" ? "_" : $0 }), &writer)
      CounterJSON.append(value, &json, &writer)
    }
    json.close("}", &writer)
  }

  /// RFC 4180; unknown is empty.
  private func writeCSV(_ rows: [CounterRow], _ writer: inout ByteWriter) {
    if plan.showsHeader {
      writer.append(plan.columns.map(\.name).joined(separator: ","))
      writer.append(UInt8(ascii: "\n"))
    }
    for row in rows {
      for (index, column) in plan.columns.enumerated() {
        if index > 0 { writer.append(UInt8(ascii: ",")) }
        var field = ByteWriter(capacity: 128)
        column.value(row).appendPlain(to: &field)
        CSVField.append(field.bytes, to: &writer)
      }
      writer.append(UInt8(ascii: "\n"))
    }
  }
}
