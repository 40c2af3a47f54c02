import ProcNet

/// Rows in columns as wide as their widest cells; on a terminal in colour and fitted to its width.
///
/// It waits for the first rows before it writes. Nothing is cut off: a cell that is wider than its
/// column pushes its own row, and what does not fit on a row's line goes below it.
struct AlignedTable<Row>: TableFormat {
  private var columns: [Column<Row>]
  private let showsHeader: Bool
  /// Columns of the screen; nil in a pipe, where nothing wraps and nothing is shortened.
  private let width: Int?
  private let palette: Palette
  private let style: TextStyle
  /// Blanks between two columns.
  private let gap: Int
  /// The colour of cells whose column has none of its own.
  private let rowTone: (borrowing Row) -> Palette.Tone
  private let tail: RowTail<Row>?
  /// Lines below a row.
  private let below: ((borrowing Row, inout ByteWriter) -> Void)?

  /// Rows that wait until the widths of the columns are known.
  private var waiting: [RenderedRow] = []
  private var widths: [Int]
  private var hasBegun = false
  /// How many rows decide on a terminal: more than any screen holds, few enough to wait for.
  private static var sample: Int { 1000 }
  /// Prose that has less room than this beside the other columns goes below them.
  private static var narrowestProse: Int { 30 }
  private static var indent: Int { 4 }

  init(
    _ columns: [Column<Row>], showsHeader: Bool, width: Int? = nil,
    palette: Palette = Palette(isColoured: false), style: TextStyle = TextStyle(), gap: Int = 2,
    rowTone: @escaping (borrowing Row) -> Palette.Tone = { _ in .plain },
    tail: RowTail<Row>? = nil, below: ((borrowing Row, inout ByteWriter) -> Void)? = nil
  ) {
    (self.columns, self.showsHeader, self.width) = (columns, showsHeader, width)
    (self.palette, self.gap, self.rowTone) = (palette, gap, rowTone)
    (self.style, self.tail, self.below) = (style, tail, below)
    widths = columns.map { showsHeader ? $0.heading.utf8.count : 1 }
  }

  mutating func begin(_ writer: inout ByteWriter) {}

  mutating func row(
    _ row: borrowing Row, _ context: any SocketContext, _ writer: inout ByteWriter
  ) {
    let rendered = rendered(row, context)
    if hasBegun { return write(rendered, &writer) }
    for (index, cell) in rendered.cells.enumerated() where !isOpen(index) {
      widths[index] = max(widths[index], DisplayWidth.of(cell))
    }
    waiting.append(rendered)
    if width != nil, waiting.count >= Self.sample { flush(&writer) }
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {
    if !hasBegun { flush(&writer) }
  }

  private mutating func flush(_ writer: inout ByteWriter) {
    hasBegun = true
    if let width {
      leaveOutColumns(toFit: width)
      shrink(toFit: width)
    }
    if showsHeader { writeHeader(&writer) }
    for row in waiting { write(row, &writer) }
    waiting = []
  }

  // One row.

  /// A row as text, before the widths of the columns are known.
  private struct RenderedRow {
    var cells: [[UInt8]] = []
    var tones: [Palette.Tone] = []
    var tail: [UInt8] = []
    var briefTail: [UInt8] = []
    var below: [UInt8] = []
  }

  private func rendered(_ row: borrowing Row, _ context: any SocketContext) -> RenderedRow {
    var rendered = RenderedRow()
    var writer = ByteWriter(capacity: 512)
    for column in columns {
      writer.clear()
      if width == nil {
        column.append(row, context, to: &writer)
      } else {
        column.appendBrief(row, context, to: &writer)
      }
      rendered.cells.append(style.written(writer.bytes))
      if let tone = column.tone {
        rendered.tones.append(tone(row, context))
      } else {
        rendered.tones.append(rowTone(row))
      }
    }
    if let tail {
      writer.clear()
      tail.append(row, context, &writer)
      rendered.tail = style.written(writer.bytes)
      if rendered.tail.first == UInt8(ascii: " ") { rendered.tail.removeFirst() }
    }
    if let brief = tail?.brief {
      writer.clear()
      brief(row, context, &writer)
      rendered.briefTail = style.written(writer.bytes)
    }
    if let below {
      writer.clear()
      below(row, &writer)
      rendered.below = style.written(writer.bytes)
    }
    return rendered
  }

  // Widths.

  /// Nothing stands behind the last column, so its cells push nothing.
  private func isOpen(_ index: Int) -> Bool {
    index + 1 == columns.count && tail == nil && !columns[index].isRightAligned
  }

  /// Leaves out columns that give way until whole rows fit, or, where that is not to be had, until
  /// rows without their last cell do, which then goes below.
  private mutating func leaveOutColumns(toFit screen: Int) {
    let candidates = columns.indices.filter { columns[$0].givesWay != nil }
      .sorted { (columns[$0].givesWay ?? 0) < (columns[$1].givesWay ?? 0) }
    guard !candidates.isEmpty else { return }
    let whole = needed(withLast: true)
    let spare = candidates.reduce(0) { $0 + widths[$1] + gap }
    var excess = whole - spare <= screen ? whole - screen : needed(withLast: false) - screen
    var out: [Int] = []
    for candidate in candidates where excess > 0 {
      out.append(candidate)
      excess -= widths[candidate] + gap
    }
    for index in out.sorted(by: >) {
      columns.remove(at: index)
      widths.remove(at: index)
      for row in waiting.indices {
        waiting[row].cells.remove(at: index)
        waiting[row].tones.remove(at: index)
      }
    }
  }

  /// Columns of the screen that the waiting rows take.
  private func needed(withLast: Bool) -> Int {
    guard let last = columns.indices.last else { return 0 }
    let before = widths.dropLast().reduce(0) { $0 + $1 + gap }
    guard isOpen(last) else { return before + widths[last] }
    guard withLast else { return before - gap }
    return before + (waiting.map { DisplayWidth.of($0.cells[last]) }.max() ?? 0)
  }

  /// Takes from the widest text until the rows fit, but nothing from headings and numbers. Where
  /// not even those fit, every row wraps anyway.
  private mutating func shrink(toFit screen: Int) {
    let least = columns.map { $0.leastWidth ?? (showsHeader ? $0.heading.utf8.count : 1) }
    while widths.reduce(0, { $0 + $1 + gap }) > screen {
      let candidates = widths.indices.filter {
        !columns[$0].isRightAligned && widths[$0] > least[$0]
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
    }
  }

  // Writing.

  private func writeHeader(_ writer: inout ByteWriter) {
    writer.append(palette.heading)
    let used = writeCells(
      columns.map { Array($0.heading.utf8) }, columns.map { _ in .plain }, &writer)
    // Where the words stand below their rows, the heading would wrap for nothing.
    if let heading = tail?.heading, used + heading.utf8.count <= width ?? .max {
      writer.append(heading)
    }
    writer.dropTrailing(UInt8(ascii: " "))
    writer.append(palette.plain)
    writer.append(UInt8(ascii: "\n"))
  }

  private func write(_ row: RenderedRow, _ writer: inout ByteWriter) {
    let used = writeCells(row.cells, row.tones, &writer)
    if !row.tail.isEmpty {
      let width = tail?.isOneLine == true ? .max : width ?? .max
      let isBrief =
        !row.briefTail.isEmpty && used + DisplayWidth.of(row.tail) > width
        && used + DisplayWidth.of(row.briefTail) <= width
      WordWrap(width: width).append(isBrief ? row.briefTail : row.tail, from: used, to: &writer)
    }
    writer.dropTrailing(UInt8(ascii: " "))
    writer.append(UInt8(ascii: "\n"))
    writer.append(row.below)
  }

  /// Writes a line's cells and answers the column it has come to. A cell that was too wide is made
  /// up for by the blanks of the next ones; one that has no room goes below.
  private func writeCells(
    _ cells: [[UInt8]], _ tones: [Palette.Tone], _ writer: inout ByteWriter
  ) -> Int {
    var (place, target) = (0, 0)
    for (index, cell) in cells.enumerated() {
      let wide = DisplayWidth.of(cell)
      let isLast = index + 1 == cells.count && tail == nil
      if isLast, index > 0, let width, isOpen(index), wrap(cell, index, place, width, &writer) {
        break
      }
      target += widths[index] + gap
      var spaces = max(target - place - wide - gap, 0)
      let isRight = columns[index].isRightAligned
      let before = isRight ? spaces : 0
      if let width, index > 0, place + before + wide > width, place > Self.indent {
        writer.dropTrailing(UInt8(ascii: " "))
        writer.append(UInt8(ascii: "\n"))
        writer.append(UInt8(ascii: " "), times: Self.indent)
        (place, target, spaces) = (Self.indent, Self.indent + wide + gap, 0)
      }
      if isRight { writer.append(UInt8(ascii: " "), times: spaces) }
      append(cell, tones[index], &writer)
      if !isLast { writer.append(UInt8(ascii: " "), times: isRight ? gap : spaces + gap) }
      place += spaces + wide + gap
    }
    return place
  }

  /// A last cell that does not fit: prose goes on beside the other columns, anything else below.
  private func wrap(
    _ cell: [UInt8], _ index: Int, _ place: Int, _ width: Int, _ writer: inout ByteWriter
  ) -> Bool {
    let isBeside = width - place >= Self.narrowestProse
    if columns[index].isProse {
      writeProse(cell, margin: isBeside ? place : Self.indent, width, &writer, isBeside: isBeside)
      return true
    }
    guard place + DisplayWidth.of(cell) > width else { return false }
    WordWrap(width: width).append(cell, from: place, to: &writer)
    return true
  }

  private func writeProse(
    _ text: [UInt8], margin: Int, _ width: Int, _ writer: inout ByteWriter, isBeside: Bool
  ) {
    let lines = WrappedText.lines(
      String(decoding: text, as: UTF8.self), width: max(width - margin, Self.narrowestProse))
    for (index, line) in lines.enumerated() {
      if index > 0 || !isBeside {
        writer.dropTrailing(UInt8(ascii: " "))
        writer.append(UInt8(ascii: "\n"))
        writer.append(UInt8(ascii: " "), times: margin)
      }
      writer.append(line)
    }
  }

  private func append(_ cell: [UInt8], _ tone: Palette.Tone, _ writer: inout ByteWriter) {
    writer.append(palette.start(tone))
    writer.append(cell)
    if tone != .plain { writer.append(palette.plain) }
  }
}

/// Colours by what they mean; all of them empty where colour is not wanted.
struct Palette {
  enum Tone { case plain, good, listener, attention, alarm, faint }

  let isColoured: Bool

  var heading: StaticString { isColoured ? "\u{1b}[1m" : "" }
  var plain: StaticString { isColoured ? "\u{1b}[0m" : "" }

  func start(_ tone: Tone) -> StaticString {
    guard isColoured else { return "" }
    switch tone {
    case .plain: return ""
    case .good: return "\u{1b}[32m"
    case .listener: return "\u{1b}[36m"
    case .attention: return "\u{1b}[33m"
    case .alarm: return "\u{1b}[1;31m"
    case .faint: return "\u{1b}[2m"
    }
  }
}
