import Diagnosis
import ProcNet

/// Counters as a table: aligned, and on a terminal with the meaning wrapped beside the numbers.
struct CounterListing {
  let columns: [CounterColumn]
  let showsHeader: Bool
  let palette: Palette
  /// Columns of the screen; nil in a pipe, where nothing is wrapped.
  let width: Int?
  /// Narrower than this, the meaning goes on lines of its own.
  private static let narrowest = 30
  private static let indent = 4

  func write(_ rows: [CounterRow], _ writer: inout ByteWriter) {
    let cells = rows.map { row in columns.map { cell(row, $0) } }
    var widths = columns.map { showsHeader ? $0.header.utf8.count : 1 }
    for row in cells {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], DisplayWidth.of(cell))
      }
    }
    if showsHeader {
      writer.append(palette.heading)
      write(columns.map { Array($0.header.utf8) }, widths, { _ in .plain }, &writer)
      writer.append(palette.plain)
      writer.append(UInt8(ascii: "\n"))
    }
    for (row, cells) in zip(rows, cells) {
      write(cells, widths, { tone(of: columns[$0], row) }, &writer)
      writer.append(UInt8(ascii: "\n"))
    }
  }

  private func cell(_ row: CounterRow, _ column: CounterColumn) -> [UInt8] {
    var writer = ByteWriter(capacity: 128)
    column.value(row).append(to: &writer)
    return writer.bytes
  }

  /// What rises is what to look at; zeros are faint.
  private func tone(of column: CounterColumn, _ row: CounterRow) -> Palette.Tone {
    switch column.name {
    case "delta", "per-second":
      return (row.delta ?? 0) == 0 ? .faint : row.kind == .counter ? .attention : .plain
    case "value": return row.counter.value == 0 ? .faint : .plain
    default: return .plain
    }
  }

  private func write(
    _ cells: [[UInt8]], _ widths: [Int], _ tone: (Int) -> Palette.Tone,
    _ writer: inout ByteWriter
  ) {
    var place = 0
    for (index, cell) in cells.enumerated() {
      let isLast = index + 1 == cells.count
      if isLast, let width, columns[index].name == "meaning", index > 0 {
        appendWrapped(cell, from: place, width: width, &writer)
        break
      }
      let spaces = max(widths[index] - DisplayWidth.of(cell), 0)
      let isRight = columns[index].isRightAligned
      if isRight { writer.append(UInt8(ascii: " "), times: spaces) }
      append(cell, tone(index), &writer)
      if !isLast { writer.append(UInt8(ascii: " "), times: isRight ? 2 : spaces + 2) }
      place += widths[index] + 2
    }
    writer.dropTrailing(UInt8(ascii: " "))
  }

  private func appendWrapped(
    _ text: [UInt8], from place: Int, width: Int, _ writer: inout ByteWriter
  ) {
    let isBeside = width - place >= Self.narrowest
    let margin = isBeside ? place : Self.indent
    let lines = WrappedText.lines(
      String(decoding: text, as: UTF8.self), width: max(width - margin, Self.narrowest))
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
