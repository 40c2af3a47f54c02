import ProcNet

/// Listeners as a table: aligned, since they are few enough to wait for; with colours and fitted to
/// its width on a terminal.
struct ListenTable {
  let columns: [ListenColumn]
  let showsHeader: Bool
  let palette: Palette
  /// Columns of the screen; nil in a pipe, where nothing is wrapped or folded.
  let width: Int?
  let callsRoll: Bool
  let surroundings: any SocketContext
  /// Process ids of one command that are shown on a terminal.
  private static let mostProcesses = 6

  func write(_ rows: [ListenRow], _ writer: inout ByteWriter) {
    let cells = rows.map { row in columns.map { cell(row, $0) } }
    var widths = columns.map { showsHeader ? $0.header.utf8.count : 1 }
    for row in cells {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], DisplayWidth.of(cell))
      }
    }
    // Nothing stands behind the last column, so its cells push nothing.
    if columns.last?.isRightAligned == false, let last = columns.indices.last {
      widths[last] = columns[last].header.utf8.count
    }
    if let width { shrink(&widths, toFit: width) }
    if showsHeader { writeHeader(widths, &writer) }
    for (row, cells) in zip(rows, cells) {
      write(cells, widths, { ListenHighlight.of(columns[$0], row, surroundings) }, &writer)
      if callsRoll { AcceptQueueLines(row, surroundings, palette).append(to: &writer) }
    }
  }

  private func cell(_ row: ListenRow, _ column: ListenColumn) -> [UInt8] {
    if width != nil, column.name == "owners" {
      let owners = surroundings.owners(of: row.socket)
      if !owners.isEmpty { return Array(FoldedOwners.text(owners, most: Self.mostProcesses).utf8) }
    }
    var writer = ByteWriter(capacity: 128)
    column.value(row, surroundings).append(to: &writer)
    let cell = writer.bytes
    return column.name == "bar" && width != nil && cell != [UInt8(ascii: "-")]
      ? QueueBar.blocks(cell) : cell
  }

  /// Long paths give way, not headings or numbers: a cell wider than its column pushes its row.
  private func shrink(_ widths: inout [Int], toFit screen: Int) {
    let least = columns.map { $0.name == "local" ? 22 : max(8, $0.header.utf8.count) }
    while widths.reduce(0, { $0 + $1 + 2 }) > screen {
      let candidates = widths.indices.filter {
        !columns[$0].isRightAligned && widths[$0] > least[$0]
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
    }
  }

  private func writeHeader(_ widths: [Int], _ writer: inout ByteWriter) {
    writer.append(palette.heading)
    write(columns.map { Array($0.header.utf8) }, widths, { _ in .plain }, &writer, ending: false)
    writer.append(palette.plain)
    writer.append(UInt8(ascii: "\n"))
  }

  private func write(
    _ cells: [[UInt8]], _ widths: [Int], _ tone: (Int) -> Palette.Tone,
    _ writer: inout ByteWriter, ending: Bool = true
  ) {
    var (place, target) = (0, 0)
    for (index, cell) in cells.enumerated() {
      let wide = DisplayWidth.of(cell)
      let isLast = index + 1 == cells.count
      if isLast, index > 0, let width, place + wide > width, !columns[index].isRightAligned {
        WordWrap(width: width).append(cell, from: place, to: &writer)
        break
      }
      target += widths[index] + 2
      let spaces = max(target - place - wide - 2, 0)
      let isRight = columns[index].isRightAligned
      if isRight { writer.append(UInt8(ascii: " "), times: spaces) }
      append(cell, tone(index), &writer)
      if !isLast { writer.append(UInt8(ascii: " "), times: isRight ? 2 : spaces + 2) }
      place += spaces + wide + 2
    }
    writer.dropTrailing(UInt8(ascii: " "))
    if ending { writer.append(UInt8(ascii: "\n")) }
  }

  private func append(_ cell: [UInt8], _ tone: Palette.Tone, _ writer: inout ByteWriter) {
    writer.append(palette.start(tone))
    writer.append(cell)
    if tone != .plain { writer.append(palette.plain) }
  }
}

/// What is coloured: trouble. Zeros are faint.
enum ListenHighlight {
  static func of(
    _ column: ListenColumn, _ row: ListenRow, _ surroundings: any SocketContext
  ) -> Palette.Tone {
    switch column.name {
    case "queue", "bar", "length", "fill", "full": queue(row)
    case "local": row.isFull ? .alarm : .listener
    case "drops" where row.rate.map({ $0.drops > 0 }) ?? false: .alarm
    case "drop-rate" where row.rate.map({ $0.drops > 0 }) ?? false: .alarm
    case "abandoned", "drops": isNothing(column, row, surroundings) ? .faint : .attention
    case "oldest": (row.queue?.oldest ?? 0) >= 1000 ? .attention : .plain
    default: isNothing(column, row, surroundings) ? .faint : .plain
    }
  }

  private static func queue(_ row: ListenRow) -> Palette.Tone {
    if row.isFull { return .alarm }
    guard let fill = row.fill else { return .plain }
    return fill >= 700 ? .attention : fill == 0 ? .faint : .good
  }

  private static func isNothing(
    _ column: ListenColumn, _ row: ListenRow, _ surroundings: any SocketContext
  ) -> Bool { column.value(row, surroundings).isNothing }
}
