import ProcNet

/// Comma-separated values (RFC 4180) with a heading; what is not known is an empty field.
struct CSVTable<Row>: TableFormat {
  private let columns: [Column<Row>]
  private let showsHeader: Bool
  private let values: [Column<Row>.Reading<Value>]

  init(_ columns: [Column<Row>], showsHeader: Bool) {
    (self.columns, self.showsHeader) = (columns, showsHeader)
    values = columns.map(\.value)
  }

  mutating func begin(_ writer: inout ByteWriter) {
    guard showsHeader else { return }
    writer.append(columns.map(\.name).joined(separator: ","))
    writer.append(UInt8(ascii: "\n"))
  }

  // A listing of 100,000 sockets would look up its types at run time for each cell.
  @_specialize(where Row == Socket)
  mutating func row(
    _ row: borrowing Row, _ context: any SocketContext, _ writer: inout ByteWriter
  ) {
    for index in values.indices {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      let start = writer.count
      values[index](row, context).appendPlain(to: &writer)
      Self.quoteField(from: start, &writer)
    }
    writer.append(UInt8(ascii: "\n"))
  }

  /// Puts quotes around the last field if it needs them.
  private static func quoteField(from start: Int, _ writer: inout ByteWriter) {
    var field: [UInt8] = []
    do {
      let bytes = writer.span
      var needsQuotes = false
      for index in start..<bytes.count {
        let byte = bytes[index]
        if byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D { needsQuotes = true }
      }
      guard needsQuotes else { return }
      for index in start..<bytes.count { field.append(bytes[index]) }
    }
    writer.truncate(to: start)
    writer.append(UInt8(ascii: "\""))
    for byte in field {
      if byte == 0x22 { writer.append(byte) }
      writer.append(byte)
    }
    writer.append(UInt8(ascii: "\""))
  }
}
