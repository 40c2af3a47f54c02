import ProcNet

/// JSON with the columns that were chosen as keys: numbers as numbers, unknown facts left out.
struct ColumnJSON: ListFormat {
  let head: ReportHead
  let isLines: Bool
  private let columns: [(key: String, column: Column)]
  private var json = JSONWriter()

  init(head: ReportHead, isLines: Bool, columns: [Column]) {
    self.head = head
    self.isLines = isLines
    self.columns = columns.map { (String($0.name.map { $0 == "-" ? "_" : $0 }), $0) }
  }

  mutating func begin(_ writer: inout ByteWriter) {
    guard !isLines else { return }
    json.open("{", &writer)
    JSONHead.append(head, &json, &writer)
    json.key("rows", &writer)
    json.open("[", &writer)
  }

  mutating func row(
    _ socket: borrowing Socket, _ surroundings: any Surroundings, _ writer: inout ByteWriter
  ) {
    if isLines { json = JSONWriter() } else { json.newLine(&writer) }
    json.open("{", &writer)
    var cell = ByteWriter(capacity: 256)
    for (key, column) in columns {
      cell.clear()
      column.render(socket, surroundings, &cell)
      append(cell.bytes, key, column, &writer)
    }
    json.close("}", &writer)
    if isLines { writer.append(UInt8(ascii: "\n")) }
  }

  private mutating func append(
    _ cell: [UInt8], _ key: String, _ column: Column, _ writer: inout ByteWriter
  ) {
    guard cell != [UInt8(ascii: "-")] else { return }
    json.key(key, &writer)
    // A per cent sign belongs to the table; the key says what the number is.
    let text = String(decoding: cell.last == 0x25 ? cell.dropLast() : cell[...], as: UTF8.self)
    if column.isRightAligned, let number = UInt64(text) {
      json.number(number, &writer)
    } else {
      json.string(cell, &writer)
    }
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {
    guard !isLines else { return }
    json.close("]", &writer)
    JSONHead.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }
}
