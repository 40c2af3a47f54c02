/// How wide the columns of a table on a terminal are: as wide as their widest cell, unless the
/// rows would not fit then.
///
/// One long unix path must not break every row of the screen, so the widest columns give way. A
/// cell that is wider than its column is written in full and pushes only its own row.
struct ColumnWidths {
  private(set) var widths: [Int]
  private let least: [Int]
  /// Nothing stands behind the last column, so its cells push nothing.
  private let lastIsOpen: Bool

  init(_ layout: TableLayout) {
    least = layout.columns.map { layout.showsHeader ? $0.header.utf8.count : 1 }
    widths = least
    lastIsOpen = !layout.hasWords && layout.columns.last?.isRightAligned == false
  }

  subscript(index: Int) -> Int { widths[index] }

  /// Columns of the screen that a row takes, with one blank behind each cell.
  var total: Int { widths.reduce(0) { $0 + $1 + 1 } }

  mutating func widen(_ index: Int, for cell: [UInt8]) {
    if lastIsOpen, index + 1 == widths.count { return }
    widths[index] = max(widths[index], DisplayWidth.of(cell))
  }

  /// Takes from the widest column until the rows fit, but nothing from below a heading. Where not
  /// even the headings fit, every row wraps anyway and alignment is worth more.
  mutating func shrink(toFit screen: Int) {
    guard least.reduce(0, { $0 + $1 + 1 }) <= screen else { return }
    while total > screen {
      let candidates = widths.indices.filter { widths[$0] > least[$0] }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
    }
  }
}
