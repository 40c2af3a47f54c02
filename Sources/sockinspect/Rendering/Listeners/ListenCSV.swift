import ProcNet

/// Listeners as comma-separated values (RFC 4180): numbers without units, unknown facts empty.
struct ListenCSV {
  let columns: [ListenColumn]
  let showsHeader: Bool
  let surroundings: any SocketContext

  func write(_ rows: [ListenRow], _ writer: inout ByteWriter) {
    if showsHeader {
      writer.append(columns.map(\.name).joined(separator: ","))
      writer.append(UInt8(ascii: "\n"))
    }
    for row in rows {
      for (index, column) in columns.enumerated() {
        if index > 0 { writer.append(UInt8(ascii: ",")) }
        append(column.value(row, surroundings), &writer)
      }
      writer.append(UInt8(ascii: "\n"))
    }
  }

  private func append(_ value: ListenValue, _ writer: inout ByteWriter) {
    var field = ByteWriter(capacity: 128)
    value.appendPlain(to: &field)
    CSVField.append(field.bytes, to: &writer)
  }
}
