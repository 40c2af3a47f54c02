import ProcNet

/// What a table consists of.
struct TableLayout {
  var columns: [Column]
  /// ss's words behind the row.
  var details = SSDetails()
  var showsHeader = true
  /// The heading of the words behind the row; nil when there are none.
  var detailsHeader: String?

  /// Whether anything stands behind the last column.
  var hasWords: Bool { !details.isEmpty || detailsHeader != nil }

  /// Whether rows that nobody holds say why: not where a column tells it already.
  var notesStanding: Bool {
    detailsHeader != nil && !columns.contains { $0.name == "process" || $0.name == "standing" }
  }
}

/// Rows for a pipe: streamed, in columns that are wide enough for usual values, never cut.
struct PlainTable: ListFormat {
  let layout: TableLayout
  private let widths: [Int]

  init(layout: TableLayout) {
    self.layout = layout
    widths = layout.columns.map { max($0.header.utf8.count, Self.usualWidth($0.name)) }
  }

  private static func usualWidth(_ column: String) -> Int {
    switch column {
    case "state", "netns": 10
    case "local", "peer": 21
    default: 5
    }
  }

  mutating func begin(_ writer: inout ByteWriter) {
    guard layout.showsHeader else { return }
    for (index, column) in layout.columns.enumerated() {
      let start = writer.count
      writer.append(column.header)
      pad(index, from: start, &writer)
    }
    if let header = layout.detailsHeader { writer.append(header) }
    writer.append(UInt8(ascii: "\n"))
  }

  mutating func row(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ writer: inout ByteWriter
  ) {
    for index in layout.columns.indices {
      let start = writer.count
      layout.columns[index].render(socket, surroundings, &writer)
      pad(index, from: start, &writer)
    }
    if !layout.details.isEmpty { layout.details.append(socket, surroundings, to: &writer) }
    writer.dropTrailing(UInt8(ascii: " "))
    writer.append(UInt8(ascii: "\n"))
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {}

  /// Nearly every cell is plain ASCII, a column a byte.
  @inline(__always)
  private static func columns(of cell: borrowing Span<UInt8>) -> Int {
    for index in cell.indices where cell[index] >= 0x80 {
      return DisplayWidth.of(cell.indices.map { cell[$0] })
    }
    return cell.count
  }

  /// The last column is left as it is unless words follow.
  @inline(__always)
  private func pad(_ index: Int, from start: Int, _ writer: inout ByteWriter) {
    if index + 1 == widths.count, layout.details.isEmpty { return }
    let spaces = widths[index] - Self.columns(of: writer.span.extracting(start..<writer.count))
    writer.append(UInt8(ascii: " "), times: max(spaces, 0) + 1)
  }
}
