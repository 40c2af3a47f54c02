import ProcNet

/// Rows for a terminal: aligned, in colour, fitted to the width. What does not fit behind a row
/// goes on lines of its own below it; nothing is cut off.
struct TerminalTable: ListFormat {
  let layout: TableLayout
  let width: Int
  let palette: Palette

  /// Rows that wait until the columns' widths are known.
  private var waiting: [RenderedRow] = []
  private var widths: ColumnWidths
  private var hasBegun = false
  /// How many rows decide the widths: more than any screen holds, few enough to wait for.
  private static let sample = 1000

  init(layout: TableLayout, width: Int, palette: Palette) {
    self.layout = layout
    self.width = width
    self.palette = palette
    widths = ColumnWidths(layout)
  }

  mutating func begin(_ writer: inout ByteWriter) {}

  mutating func row(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ writer: inout ByteWriter
  ) {
    let row = RenderedRow(socket, surroundings, layout)
    if hasBegun { return write(row, &writer) }
    for (index, cell) in row.cells.enumerated() { widths.widen(index, for: cell) }
    waiting.append(row)
    if waiting.count >= Self.sample { flush(&writer) }
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {
    if !hasBegun { flush(&writer) }
  }

  private mutating func flush(_ writer: inout ByteWriter) {
    hasBegun = true
    widths.shrink(toFit: width)
    if layout.showsHeader { writeHeader(&writer) }
    for row in waiting { write(row, &writer) }
    waiting = []
  }

  private func writeHeader(_ writer: inout ByteWriter) {
    writer.append(palette.heading)
    let used = writeCells(layout.columns.map { Array($0.header.utf8) }, { _ in .plain }, &writer)
    // Where the words stand below their rows, the heading would wrap for nothing.
    if let header = layout.detailsHeader, used + header.utf8.count <= width {
      writer.append(header)
    }
    writer.dropTrailing(UInt8(ascii: " "))
    writer.append(palette.plain)
    writer.append(UInt8(ascii: "\n"))
  }

  private func write(_ row: RenderedRow, _ writer: inout ByteWriter) {
    let used = writeCells(row.cells, { row.tone(ofColumn: layout.columns[$0].name) }, &writer)
    if !row.details.isEmpty {
      let width = layout.details.oneLine ? .max : width
      WordWrap(width: width).append(row.details, from: used, to: &writer)
    }
    writer.dropTrailing(UInt8(ascii: " "))
    writer.append(UInt8(ascii: "\n"))
  }

  /// Writes a line's cells and answers the column it has come to. A cell that was too wide is made
  /// up for by the blanks of the next ones.
  private func writeCells(
    _ cells: [[UInt8]], _ tone: (Int) -> Palette.Tone, _ writer: inout ByteWriter
  ) -> Int {
    var (place, target) = (0, 0)
    for (index, cell) in cells.enumerated() {
      target += widths[index] + 1
      let wide = DisplayWidth.of(cell)
      let spaces = max(target - place - wide - 1, 0)
      let isRight = layout.columns[index].isRightAligned
      if isRight { writer.append(UInt8(ascii: " "), times: spaces) }
      write(cell, tone(index), &writer)
      let isLast = index + 1 == cells.count && !layout.hasWords
      if !isLast { writer.append(UInt8(ascii: " "), times: isRight ? 1 : spaces + 1) }
      place += spaces + wide + 1
    }
    return place
  }

  private func write(_ cell: [UInt8], _ tone: Palette.Tone, _ writer: inout ByteWriter) {
    writer.append(palette.start(tone))
    writer.append(cell)
    if tone != .plain { writer.append(palette.plain) }
  }
}
