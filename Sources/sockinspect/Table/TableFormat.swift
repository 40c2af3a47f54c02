import ProcNet

/// How a table is written out, row by row as the rows arrive.
protocol TableFormat<Row> {
  associatedtype Row
  mutating func begin(_ writer: inout ByteWriter)
  mutating func row(
    _ row: borrowing Row, _ context: any SocketContext, _ writer: inout ByteWriter)
  /// Ends the table; the gaps are what could not be read.
  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter)
}

extension TableFormat {
  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {}

  /// A table whose rows are all there.
  consuming func write(
    _ rows: [Row], _ context: any SocketContext = UnknownContext(), gaps: [Gap] = [],
    to writer: inout ByteWriter
  ) {
    var format = self
    format.begin(&writer)
    for row in rows { format.row(row, context, &writer) }
    format.end(gaps, &writer)
  }
}

/// What stands behind the cells of a row, such as ss's words, or below them.
struct RowTail<Row> {
  /// Its heading; nil when it has none.
  var heading: String?
  /// Everything on one line, however long.
  var isOneLine = false
  var append: (borrowing Row, any SocketContext, inout ByteWriter) -> Void
}

/// What surrounds the rows of a report in JSON: which command, of which host, when.
struct ReportHead: Sendable {
  var command: String
  /// Milliseconds since 1970.
  var time: UInt64
  var host: [UInt8]
  var kernel: [UInt8]
}
