import Diagnosis
import ProcNet

/// The list of listeners on the screen.
struct ListenersScreen {
  private let frame: WatchFrame
  private let layout: WatchLayout
  /// The rows that are seen, and where they begin.
  private let range: Range<Int>

  /// - Parameter isBesideDetails: The closer look is beside it, and has what other columns would.
  init(_ frame: WatchFrame, isBesideDetails: Bool = false) {
    self.frame = frame
    range = frame.state.listScroll.range(count: frame.rows.count, page: frame.page)
    var needs: [WatchSlot.Kind: Int] = [:]
    var silent: Set<WatchSlot.Kind> = []
    var isByRise = false
    if case .rise = frame.state.order.key { isByRise = true }
    let slots = WatchSlot.all(isByRise: isByRise, isBesideDetails: isBesideDetails)
    for column in slots {
      guard case .text(let name) = column.kind else { continue }
      // All rows decide, not those in sight, so that scrolling moves nothing sideways.
      let rows = frame.rows.prefix(500)
      let longest = rows.map { DisplayWidth.of(Self.text($0, name, frame)) }.max()
      needs[column.kind] = max(longest ?? 0, column.heading.count)
      if ColumnSet.listeners[name]?.tells(of: rows, frame.context) == false {
        silent.insert(.text(name))
      }
    }
    layout = WatchLayout(width: frame.style.width, needs: needs, silent: silent, slots: slots)
  }

  private var historyWidth: Int { layout.width(of: .history) ?? 0 }

  private var cellTime: UInt64 {
    frame.cellTime(width: historyWidth)
  }

  var heading: ScreenLine {
    var line = frame.line()
    let width = layout.columns.count
    for (place, column) in layout.columns.enumerated() {
      let span = Phrase.duration(cellTime * UInt64(historyWidth))
      let header = column.kind == .history ? "Last \(span)" : column.heading
      var field = frame.line()
      field.add(header, field: layout.widths[place], isRight: column.isRight)
      line.addHeading(String(decoding: field.bytes, as: UTF8.self))
      if column.kind != .mark, place + 1 < width { line.space(1) }
    }
    return line
  }

  var rows: [ScreenLine] { range.map(row) }

  private func row(_ number: Int) -> ScreenLine {
    let row = frame.rows[number]
    let isSelected = number == frame.state.selection
    var line = frame.line(isSelected: isSelected)
    for (place, column) in layout.columns.enumerated() {
      let width = layout.widths[place]
      switch column.kind {
      case .mark: line.add((isSelected ? ">" : " ") + Self.mark(row), Self.markTone(row))
      case .history: addHistory(of: row, width, &line)
      case .text(let name):
        line.add(
          Self.text(row, name, frame), Self.tone(row, name, frame), field: width,
          isRight: column.isRight)
      }
      if column.kind != .mark, place + 1 < layout.columns.count { line.space(1) }
    }
    return line
  }

  private func addHistory(of row: ListenRow, _ width: Int, _ line: inout ScreenLine) {
    let cells = Sparkline.cells(
      frame.history[row.listener.key], width: width, cellTime: cellTime, now: frame.sample.moment,
      scale: .top(1000))
    line.add(cells)
  }

  /// What a colour says is said by a character too.
  private static func mark(_ row: ListenRow) -> String {
    if row.isDropping { return "!" }
    if row.isFull { return "#" }
    return row.isFilling ? "+" : " "
  }

  private static func markTone(_ row: ListenRow) -> Palette.Tone {
    mark(row) == "+" ? .attention : .alarm
  }

  private static func text(_ row: ListenRow, _ name: String, _ frame: WatchFrame) -> String {
    if name == "bar" { return bar(row, frame) }
    if name == "rise" { return rise(frame.sample.rises[row.listener.key]) }
    if name == "owners" {
      let owners = frame.context.owners(of: row.socket)
      return owners.isEmpty ? "-" : FoldedOwners.text(owners, most: 3)
    }
    var writer = ByteWriter(capacity: 128)
    ColumnSet.listeners[name]?.appendBrief(row, frame.context, to: &writer)
    return writer.text
  }

  /// `+3.0`, `-0.5`, `0.0`; `-` where one sample says nothing yet.
  private static func rise(_ tenths: Int64?) -> String {
    guard let tenths else { return "-" }
    let sign = tenths == 0 ? "" : tenths > 0 ? "+" : "-"
    return "\(sign)\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
  }

  /// A full queue says so in letters.
  private static func bar(_ row: ListenRow, _ frame: WatchFrame) -> String {
    guard let taken = row.thousandths else { return "-" }
    let bar =
      frame.style.isUnicode
      ? QueueBar.blocks(taken, isFull: row.isFull) : QueueBar.text(taken, isFull: row.isFull)
    return row.isFull ? "\(bar.prefix(2))FULL\(bar.suffix(2))" : bar
  }

  private static func tone(_ row: ListenRow, _ name: String, _ frame: WatchFrame) -> Palette.Tone {
    if name == "rise" {
      return (frame.sample.rises[row.listener.key] ?? 0) > 0 ? .attention : .faint
    }
    guard let column = ColumnSet.listeners[name] else { return .plain }
    return column.tone?(row, frame.context) ?? .plain
  }

  /// The selected listener in full: what has no room in its row.
  var selection: ScreenLine {
    var line = frame.line()
    guard let place = frame.state.selection, place < frame.rows.count else { return line }
    let row = frame.rows[place]
    line.add(ListenAddress.text(of: row.socket, frame.context))
    let owners = frame.context.owners(of: row.socket)
    if !owners.isEmpty { line.addCut("  \(FoldedOwners.text(owners, most: 3))") }
    for name in ["accepted", "abandoned", "syn"] {
      guard let column = ColumnSet.listeners[name], row.listener.socket.netid == .tcp else {
        continue
      }
      line.add("  \(column.heading.lowercased()) \(Self.text(row, name, frame))", .faint)
    }
    if row.listener.shards > 1 { line.add("  shard \(Self.text(row, "shard", frame))", .faint) }
    return line
  }
}

/// What a column of `listen` gets of the screen's width.
struct WatchSlot {
  enum Kind: Hashable { case mark, text(String), history }

  let kind: Kind
  let heading: String
  let isRight: Bool
  /// Columns it takes at least.
  let least: Int
  /// Columns it takes at most, and as much as its longest cell needs.
  let most: Int
  /// Those with the highest number go first when there is no room.
  private(set) var rank: Int

  /// In the order of the screen. The text of a column is that of the column of `listen`.
  static let all = [
    WatchSlot(.mark, "", least: 2, most: 2, rank: 0),
    WatchSlot(.text("local"), "Local Address:Port", least: 15, most: 44, rank: 0),
    WatchSlot(.text("queue"), "Queue", right: true, least: 7, most: 13, rank: 0),
    WatchSlot(.text("bar"), "Fill", least: 8, most: 8, rank: 6),
    WatchSlot(.history, "Last", least: 10, most: 60, rank: 1),
    WatchSlot(.text("oldest"), "Oldest", right: true, least: 6, most: 6, rank: 2),
    WatchSlot(.text("drops"), "Drops", right: true, least: 5, most: 10, rank: 3),
    WatchSlot(.text("drops-per-s"), "Drops/s", right: true, least: 7, most: 8, rank: 4),
    WatchSlot(.text("accepted"), "Accepted", least: 8, most: 30, rank: 5),
    WatchSlot(.text("rise"), "Rise/s", right: true, least: 6, most: 8, rank: 7),
    WatchSlot(.text("owners"), "Owners", least: 12, most: 60, rank: 8),
  ]

  /// Those that are worth their room.
  static func all(isByRise: Bool, isBesideDetails: Bool) -> [WatchSlot] {
    var slots = all
    if isByRise {
      for place in slots.indices where slots[place].kind == .text("rise") {
        slots[place].rank = 1
      }
    }
    return isBesideDetails ? slots.filter { $0.rank <= 3 } : slots
  }

  private init(
    _ kind: Kind, _ heading: String, right: Bool = false, least: Int, most: Int, rank: Int
  ) {
    (self.kind, self.heading, self.isRight) = (kind, heading, right)
    (self.least, self.most, self.rank) = (least, most, rank)
  }
}

/// Which columns fit on a screen, and how wide they are.
struct WatchLayout {
  private(set) var columns: [WatchSlot]
  private(set) var widths: [Int] = []

  /// - Parameters:
  ///   - needs: Columns that the longest cell of each column takes.
  ///   - silent: Those that have nothing to say of any row give way to what others say.
  init(
    width: Int, needs: [WatchSlot.Kind: Int], silent: Set<WatchSlot.Kind> = [],
    slots: [WatchSlot] = WatchSlot.all
  ) {
    columns = slots
    while least > width, let last = columns.map(\.rank).max(), last > 0 {
      columns.removeAll { $0.rank == last }
    }
    while wanted(needs) > width, let place = columns.lastIndex(where: { silent.contains($0.kind) })
    {
      columns.remove(at: place)
    }
    widths = columns.map(\.least)
    // Names and numbers first; what is left makes the history longer.
    for kind in columns.map(\.kind) where kind != .history { widen(kind, needs, width) }
    widen(.history, [.history: .max], width)
    narrow(to: width)
  }

  /// Columns between the cells, and what the least widths take.
  private var least: Int { columns.map(\.least).reduce(0, +) + max(columns.count - 2, 0) }
  /// What they take with no cell cut.
  private func wanted(_ needs: [WatchSlot.Kind: Int]) -> Int {
    columns.reduce(least) { $0 + max(0, min($1.most, needs[$1.kind] ?? 0) - $1.least) }
  }
  private var used: Int { widths.reduce(0, +) + max(columns.count - 2, 0) }

  func width(of kind: WatchSlot.Kind) -> Int? {
    columns.firstIndex { $0.kind == kind }.map { widths[$0] }
  }

  private mutating func widen(
    _ kind: WatchSlot.Kind, _ needs: [WatchSlot.Kind: Int], _ screen: Int
  ) {
    guard let place = columns.firstIndex(where: { $0.kind == kind }) else { return }
    let wanted = min(columns[place].most, needs[kind] ?? 0)
    widths[place] += max(0, min(wanted - widths[place], screen - used))
  }

  /// On the narrowest screens the address gives way.
  private mutating func narrow(to screen: Int) {
    guard let place = columns.firstIndex(where: { $0.kind == .text("local") }) else { return }
    widths[place] -= max(0, min(used - screen, widths[place] - 8))
  }
}
