import ProcNet

/// The list of listeners on the screen.
struct ListenersScreen {
  private let scene: WatchFrame
  private let layout: WatchLayout
  /// The rows that are seen, and where they begin.
  private let range: Range<Int>

  init(_ scene: WatchFrame) {
    self.scene = scene
    range = scene.state.listScroll.range(count: scene.rows.count, page: scene.page)
    var needs: [WatchColumn.Kind: Int] = [:]
    for column in WatchColumn.all {
      guard case .text(let name) = column.kind else { continue }
      // All rows decide, not those in sight, so that scrolling moves nothing sideways.
      let longest = scene.rows.prefix(500).map {
        DisplayWidth.of(Self.text($0, name, scene))
      }.max()
      needs[column.kind] = max(longest ?? 0, column.heading.count)
    }
    layout = WatchLayout(width: scene.style.width, needs: needs)
  }

  private var historyWidth: Int { layout.width(of: .history) ?? 0 }

  private var cellTime: UInt64 {
    Sparkline.cellTime(width: historyWidth, interval: scene.state.interval)
  }

  var heading: ScreenLine {
    var line = scene.line()
    let width = layout.columns.count
    for (place, column) in layout.columns.enumerated() {
      let span = AgeText.string(cellTime * UInt64(historyWidth))
      let header = column.kind == .history ? "Last \(span)" : column.heading
      var field = scene.line()
      field.add(header, field: layout.widths[place], isRight: column.isRight)
      line.addHeading(String(decoding: field.bytes, as: UTF8.self))
      if column.kind != .mark, place + 1 < width { line.space(1) }
    }
    return line
  }

  var rows: [ScreenLine] { range.map(row) }

  private func row(_ number: Int) -> ScreenLine {
    let row = scene.rows[number]
    let isSelected = number == scene.state.selection
    var line = scene.line(isSelected: isSelected)
    for (place, column) in layout.columns.enumerated() {
      let width = layout.widths[place]
      switch column.kind {
      case .mark: line.add((isSelected ? ">" : " ") + Self.mark(row), Self.markTone(row))
      case .history: addHistory(of: row, width, &line)
      case .text(let name):
        line.add(
          Self.text(row, name, scene), Self.tone(row, name, scene), field: width,
          isRight: column.isRight)
      }
      if column.kind != .mark, place + 1 < layout.columns.count { line.space(1) }
    }
    return line
  }

  private func addHistory(of row: ListenRow, _ width: Int, _ line: inout ScreenLine) {
    let cells = Sparkline.cells(
      scene.history[row.listener.key], width: width, cellTime: cellTime, now: scene.look.moment,
      scale: .top(1000))
    SparklineCell.add(cells, &line)
  }

  /// What a colour says is said by a character too.
  private static func mark(_ row: ListenRow) -> String {
    if row.isDropping { return "!" }
    if row.isFull { return "#" }
    return (row.fill ?? 0) >= 700 ? "+" : " "
  }

  private static func markTone(_ row: ListenRow) -> Palette.Tone {
    mark(row) == "+" ? .attention : .alarm
  }

  private static func text(_ row: ListenRow, _ name: String, _ scene: WatchFrame) -> String {
    if name == "bar" { return bar(row, scene) }
    if name == "owners" {
      let owners = scene.surroundings.owners(of: row.socket)
      return owners.isEmpty ? "-" : FoldedOwners.text(owners, most: 3)
    }
    var writer = ByteWriter(capacity: 128)
    ColumnSet.listeners[name]?.value(row, scene.surroundings).append(to: &writer)
    return writer.text
  }

  /// A full queue says so in letters.
  private static func bar(_ row: ListenRow, _ scene: WatchFrame) -> String {
    guard let fill = row.fill else { return "-" }
    let bar =
      scene.style.isUnicode
      ? QueueBar.blocks(fill, isFull: row.isFull) : QueueBar.text(fill, isFull: row.isFull)
    return row.isFull ? "\(bar.prefix(2))FULL\(bar.suffix(2))" : bar
  }

  private static func tone(_ row: ListenRow, _ name: String, _ scene: WatchFrame) -> Palette.Tone {
    return ColumnSet.listeners[name]?.tone?(row, scene.surroundings) ?? .plain
  }

  /// The selected listener in full: what has no room in its row.
  var selection: ScreenLine {
    var line = scene.line()
    guard let place = scene.state.selection, place < scene.rows.count else { return line }
    let row = scene.rows[place]
    line.add(ListenAddress.text(of: row.socket, scene.surroundings))
    let owners = scene.surroundings.owners(of: row.socket)
    if !owners.isEmpty { line.add("  \(FoldedOwners.text(owners, most: 3))") }
    for name in ["accepted", "abandoned", "syn"] {
      guard let column = ColumnSet.listeners[name], row.listener.socket.netid == .tcp else {
        continue
      }
      line.add("  \(column.heading.lowercased()) \(Self.text(row, name, scene))", .faint)
    }
    if row.listener.shards > 1 { line.add("  shard \(Self.text(row, "shard", scene))", .faint) }
    return line
  }
}

/// A sparkline on the screen: events stand out.
enum SparklineCell {
  static func add(_ cells: [Sparkline.Cell], _ line: inout ScreenLine) {
    var rest = cells[...]
    while let first = rest.first {
      let tone = tone(first)
      let run = rest.prefix { self.tone($0) == tone }
      line.add(Sparkline.text(Array(run), isUnicode: line.style.isUnicode), tone)
      rest = rest.dropFirst(run.count)
    }
  }

  private static func tone(_ cell: Sparkline.Cell) -> Palette.Tone {
    switch cell {
    case .event: .alarm
    case .level(7): .attention
    case .level(0): .faint
    default: .plain
    }
  }
}
