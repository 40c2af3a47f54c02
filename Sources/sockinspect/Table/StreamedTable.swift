import ProcNet

/// Rows for a pipe as they come, in columns that are wide enough for usual values, never cut.
struct StreamedTable<Row>: TableFormat {
  private let columns: [Column<Row>]
  private let showsHeader: Bool
  private let tail: RowTail<Row>?
  private let cells: [Cell]

  /// A function on its own in an array would be called through another one that copies the row.
  private struct Cell {
    let write: Column<Row>.Writing
    let width: Int
  }

  init(_ columns: [Column<Row>], showsHeader: Bool, tail: RowTail<Row>? = nil) {
    (self.columns, self.showsHeader, self.tail) = (columns, showsHeader, tail)
    cells = columns.map {
      Cell(write: $0.cellWriter, width: max($0.heading.utf8.count, $0.usualWidth))
    }
  }

  mutating func begin(_ writer: inout ByteWriter) {
    guard showsHeader else { return }
    for (index, column) in columns.enumerated() {
      let start = writer.count
      writer.append(column.heading)
      pad(index, from: start, &writer)
    }
    if let heading = tail?.heading { writer.append(heading) }
    writer.append(UInt8(ascii: "\n"))
  }

  // A listing of 100,000 sockets would look up its types at run time for each cell.
  @_specialize(where Row == Socket)
  mutating func row(
    _ row: borrowing Row, _ context: any SocketContext, _ writer: inout ByteWriter
  ) {
    for index in cells.indices {
      let start = writer.count
      cells[index].write(row, context, &writer)
      pad(index, from: start, &writer)
    }
    if let tail { tail.append(row, context, &writer) }
    writer.dropTrailing(UInt8(ascii: " "))
    writer.append(UInt8(ascii: "\n"))
  }

  /// Nearly every cell is plain ASCII, a column a byte.
  @inline(__always)
  private static func width(of cell: borrowing Span<UInt8>) -> Int {
    for index in cell.indices where cell[index] >= 0x80 {
      return DisplayWidth.of(cell.indices.map { cell[$0] })
    }
    return cell.count
  }

  /// The last column is left as it is unless something follows.
  @inline(__always)
  private func pad(_ index: Int, from start: Int, _ writer: inout ByteWriter) {
    if index + 1 == cells.count, tail == nil { return }
    let spaces = cells[index].width - Self.width(of: writer.span.extracting(start..<writer.count))
    writer.append(UInt8(ascii: " "), times: max(spaces, 0) + 1)
  }
}
