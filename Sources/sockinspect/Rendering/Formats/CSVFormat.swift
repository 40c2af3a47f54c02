import ProcNet

/// Comma-separated values (RFC 4180) with a heading; unknown facts are empty fields.
struct CSVFormat: ListFormat {
  let columns: [Column]
  let showsHeader: Bool

  /// Columns that a program can use as they are.
  static let usual = [
    "netid", "state", "recv-q", "send-q", "local", "peer", "inode", "uid", "cookie", "netns",
    "standing", "age", "process", "cgroup", "service", "container",
  ]

  mutating func begin(_ writer: inout ByteWriter) {
    guard showsHeader else { return }
    for (index, column) in columns.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      writer.append(column.name)
    }
    writer.append(UInt8(ascii: "\n"))
  }

  mutating func row(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ writer: inout ByteWriter
  ) {
    for (index, column) in columns.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      let start = writer.count
      column.render(socket, surroundings, &writer)
      Self.quoteField(from: start, &writer)
    }
    writer.append(UInt8(ascii: "\n"))
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {}

  /// Puts quotes around the last field if it needs them; a lone `-` becomes an empty field.
  private static func quoteField(from start: Int, _ writer: inout ByteWriter) {
    var field: [UInt8] = []
    var needsQuotes = false
    do {
      let bytes = writer.span
      for index in start..<bytes.count {
        let byte = bytes[index]
        if byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D { needsQuotes = true }
        field.append(byte)
      }
    }
    if field == [UInt8(ascii: "-")] { return writer.truncate(to: start) }
    guard needsQuotes else { return }
    writer.truncate(to: start)
    writer.append(UInt8(ascii: "\""))
    for byte in field {
      if byte == 0x22 { writer.append(byte) }
      writer.append(byte)
    }
    writer.append(UInt8(ascii: "\""))
  }
}
