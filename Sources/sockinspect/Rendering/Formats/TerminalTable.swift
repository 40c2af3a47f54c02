import ProcNet

/// Rows for a terminal: aligned, in colour, fitted to the width. What does not fit behind a row
/// goes on a line of its own below it; nothing is cut off.
struct TerminalTable: ListFormat {
  let layout: TableLayout
  let width: Int
  let palette: Palette

  /// Rows that wait until the columns' widths are known.
  private var waiting: [RenderedRow] = []
  private var widths: [Int]
  private var hasBegun = false
  /// How many rows decide the widths: more than any screen holds, few enough to wait for.
  private static let sample = 1000

  init(layout: TableLayout, width: Int, palette: Palette) {
    self.layout = layout
    self.width = width
    self.palette = palette
    widths = layout.columns.map { layout.showsHeader ? $0.header.utf8.count : 0 }
  }

  mutating func begin(_ writer: inout ByteWriter) {}

  mutating func row(
    _ socket: borrowing Socket, _ surroundings: any Surroundings, _ writer: inout ByteWriter
  ) {
    let row = RenderedRow(socket, surroundings, layout)
    for (index, cell) in row.cells.enumerated() where !hasBegun {
      widths[index] = max(widths[index], DisplayWidth.of(cell))
    }
    if hasBegun {
      write(row, &writer)
    } else {
      waiting.append(row)
      if waiting.count >= Self.sample { flush(&writer) }
    }
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {
    if !hasBegun { flush(&writer) }
  }

  private mutating func flush(_ writer: inout ByteWriter) {
    hasBegun = true
    if layout.showsHeader { writeHeader(&writer) }
    for row in waiting { write(row, &writer) }
    waiting = []
  }

  private func writeHeader(_ writer: inout ByteWriter) {
    writer.append(palette.heading)
    for (index, column) in layout.columns.enumerated() {
      writeCell(Array(column.header.utf8), index, &writer)
    }
    if let header = layout.detailsHeader { writer.append(header) }
    writer.append(palette.plain)
    writer.append(UInt8(ascii: "\n"))
  }

  private func write(_ row: RenderedRow, _ writer: inout ByteWriter) {
    for (index, cell) in row.cells.enumerated() {
      let tone = row.tone(ofColumn: layout.columns[index].name)
      writer.append(palette.start(tone))
      writeCell(cell, index, &writer)
      if tone != .plain { writer.append(palette.plain) }
    }
    writeDetails(row, &writer)
    writer.append(UInt8(ascii: "\n"))
  }

  private func writeCell(_ cell: [UInt8], _ index: Int, _ writer: inout ByteWriter) {
    let isLast = index + 1 == layout.columns.count && layout.details.isEmpty
    let spaces = max(widths[index] - DisplayWidth.of(cell), 0)
    let isRight = layout.columns[index].isRightAligned
    if isRight { writer.append(UInt8(ascii: " "), times: spaces) }
    writer.append(cell)
    if !isRight, !isLast { writer.append(UInt8(ascii: " "), times: spaces) }
    if !isLast { writer.append(UInt8(ascii: " ")) }
  }

  private func writeDetails(_ row: RenderedRow, _ writer: inout ByteWriter) {
    guard !row.details.isEmpty else { return }
    let used = widths.reduce(0) { $0 + $1 + 1 }
    let firstLine = row.details.prefix { $0 != UInt8(ascii: "\n") }
    let fits = used + DisplayWidth.of(Array(firstLine)) <= width
    if !fits { writer.append("\n    ") }
    writer.append(row.details)
  }
}

/// One row as text, before the widths of the columns are known.
struct RenderedRow {
  var cells: [[UInt8]] = []
  var details: [UInt8] = []
  private let state: SocketState
  private let isFull: Bool
  private let standing: Standing

  init(_ socket: borrowing Socket, _ surroundings: any Surroundings, _ layout: TableLayout) {
    state = socket.state
    isFull = (QueueFacts.fill(of: socket) ?? 0) > 100
    standing = surroundings.standing(of: socket)
    var writer = ByteWriter(capacity: 512)
    for column in layout.columns {
      writer.clear()
      column.render(socket, surroundings, &writer)
      cells.append(writer.bytes)
    }
    writer.clear()
    if standing != .held { Self.appendStanding(standing, socket, &writer) }
    layout.details.append(socket, surroundings, to: &writer)
    details = writer.bytes
    if details.first == UInt8(ascii: " ") { details.removeFirst() }
  }

  /// `(queued for 2.8 s)`: rows without a holder say what they are.
  private static func appendStanding(
    _ standing: Standing, _ socket: borrowing Socket, _ writer: inout ByteWriter
  ) {
    writer.append("(")
    writer.append(standing.rawValue)
    if standing == .queued, let age = QueueFacts.age(of: socket) {
      writer.append(" for ")
      NumberText.append(age / 100, over: 10, to: &writer)
      writer.append(" s")
    }
    writer.append(")")
  }

  func tone(ofColumn name: String) -> Palette.Tone {
    switch name {
    case "recv-q" where isFull: .alarm
    case "state": stateTone
    default: standing == .timeWait ? .faint : .plain
    }
  }

  private var stateTone: Palette.Tone {
    switch state {
    case .listen: isFull ? .alarm : .listener
    case .established: standing == .queued ? .attention : .good
    case .timeWait: .faint
    case .close: .plain
    default: .attention
    }
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

/// How many columns text takes on a terminal.
enum DisplayWidth {
  static func of(_ bytes: [UInt8]) -> Int {
    var width = 0
    var index = 0
    while index < bytes.count {
      let (scalar, length) = UTF8Reader.scalar(in: bytes, at: index) ?? (UInt32(63), 1)
      width += columns(of: scalar)
      index += length
    }
    return width
  }

  private static func columns(of scalar: UInt32) -> Int {
    switch scalar {
    case 0x300...0x36F, 0x20D0...0x20FF, 0xFE00...0xFE0F: 0  // combining
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}

extension ByteWriter {
  /// A copy of the buffer.
  var bytes: [UInt8] {
    let span = span
    var bytes: [UInt8] = []
    bytes.reserveCapacity(span.count)
    for index in span.indices { bytes.append(span[index]) }
    return bytes
  }
}
