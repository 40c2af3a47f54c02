import ProcNet

/// The columns that were chosen as keys: numbers as numbers, unknown facts left out.
struct ColumnJSON: SocketObject {
  private let columns: [(key: String, column: Column)]

  init(columns: [Column]) {
    self.columns = columns.map { (String($0.name.map { $0 == "-" ? "_" : $0 }), $0) }
  }

  var listKey: StaticString { "rows" }

  func append(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    var cell = ByteWriter(capacity: 256)
    for (key, column) in columns {
      cell.clear()
      column.render(socket, surroundings, &cell)
      append(cell.bytes, key, column, &json, &writer)
    }
    json.close("}", &writer)
  }

  private func append(
    _ cell: [UInt8], _ key: String, _ column: Column, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
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
}
