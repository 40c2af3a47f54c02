import ProcNet

/// The formats of tables, as typed after `--format`: a new one is a line here, one in `writer`, and
/// the file of its `TableFormat`.
enum OutputFormat: String, CaseIterable, Sendable {
  case table, json, jsonl, csv

  /// Rows are objects, of all that is known, unless columns were chosen.
  var hasObjects: Bool { self == .json || self == .jsonl }
  /// Rows are values of columns for programs, which get more of them than people do.
  var isFlat: Bool { self != .table && !hasObjects }

  /// What writes rows in this format.
  func writer<Row>(_ parts: TableParts<Row>) -> any TableFormat<Row> {
    switch self {
    case .table: parts.text()
    case .json: parts.json(parts.head)
    case .jsonl: parts.json(nil)
    case .csv: CSVTable(parts.columns, showsHeader: parts.showsHeader)
    }
  }
}

/// What the formats need to write the rows of a command.
struct TableParts<Row> {
  let columns: [Column<Row>]
  var showsHeader = true
  let head: ReportHead
  /// The key of the rows in JSON.
  var list: StaticString = "rows"
  /// Members of the JSON document between its head and the rows.
  var members: (inout JSONWriter, inout ByteWriter) -> Void = { _, _ in }
  /// Writes a row as a JSON object; nil for the values of the columns.
  var object: JSONTable<Row>.Object?
  /// The table that people read.
  let text: () -> any TableFormat<Row>

  fileprivate func json(_ head: ReportHead?) -> JSONTable<Row> {
    JSONTable(
      head, list: list, members: members, object: object ?? JSONTable.object(of: columns))
  }
}

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
  /// Less of it, for rows that have no room for all.
  var brief: ((borrowing Row, any SocketContext, inout ByteWriter) -> Void)?
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
