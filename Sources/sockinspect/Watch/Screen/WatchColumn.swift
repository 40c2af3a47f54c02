import ProcNet

/// One column of the screen's list of listeners.
struct WatchColumn {
  enum Kind: Hashable { case mark, text(String), history }

  let kind: Kind
  let heading: String
  let isRight: Bool
  /// Columns it takes at least.
  let least: Int
  /// Columns it takes at most, and as much as its longest cell needs.
  let most: Int
  /// Those with the highest number go first when there is no room.
  let rank: Int

  /// In the order of the screen. The text of a column is that of the column of `listen`.
  static let all = [
    WatchColumn(.mark, "", least: 2, most: 2, rank: 0),
    WatchColumn(.text("local"), "Local Address:Port", least: 15, most: 44, rank: 0),
    WatchColumn(.text("queue"), "Queue", right: true, least: 7, most: 13, rank: 0),
    WatchColumn(.text("bar"), "Fill", least: 8, most: 8, rank: 6),
    WatchColumn(.history, "Last", least: 10, most: 60, rank: 1),
    WatchColumn(.text("oldest"), "Oldest", right: true, least: 6, most: 6, rank: 2),
    WatchColumn(.text("drops"), "Drops", right: true, least: 5, most: 10, rank: 3),
    WatchColumn(.text("drop-rate"), "Drops/s", right: true, least: 7, most: 8, rank: 4),
    WatchColumn(.text("accepted"), "Accepted", least: 8, most: 30, rank: 5),
    WatchColumn(.text("owners"), "Owners", least: 12, most: 60, rank: 7),
  ]

  private init(
    _ kind: Kind, _ heading: String, right: Bool = false, least: Int, most: Int, rank: Int
  ) {
    (self.kind, self.heading, self.isRight) = (kind, heading, right)
    (self.least, self.most, self.rank) = (least, most, rank)
  }
}

/// Which columns fit on a screen, and how wide they are.
struct WatchLayout {
  private(set) var columns: [WatchColumn]
  private(set) var widths: [Int] = []

  /// - Parameter needs: Columns that the longest cell of each column takes.
  init(width: Int, needs: [WatchColumn.Kind: Int]) {
    columns = WatchColumn.all
    while least > width, let last = columns.map(\.rank).max(), last > 0 {
      columns.removeAll { $0.rank == last }
    }
    widths = columns.map(\.least)
    // Names and numbers first; what is left makes the history longer.
    for kind in columns.map(\.kind) where kind != .history { widen(kind, needs, width) }
    widen(.history, [.history: .max], width)
    narrow(to: width)
  }

  /// Columns between the cells, and what the least widths take.
  private var least: Int { columns.map(\.least).reduce(0, +) + max(columns.count - 2, 0) }
  private var used: Int { widths.reduce(0, +) + max(columns.count - 2, 0) }

  func width(of kind: WatchColumn.Kind) -> Int? {
    columns.firstIndex { $0.kind == kind }.map { widths[$0] }
  }

  private mutating func widen(
    _ kind: WatchColumn.Kind, _ needs: [WatchColumn.Kind: Int], _ screen: Int
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
