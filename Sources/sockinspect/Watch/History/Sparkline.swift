/// A history as a line of small bars, the newest at the right; each cell stands for the same time.
///
/// Cells are counted from the clock's beginning, not from now, so that they wander to the left as
/// they are and do not shimmer.
struct Sparkline {
  /// What one cell shows: the largest value of its time, and whether something happened.
  enum Cell: Hashable {
    /// Nobody looked.
    case nothing
    /// Looked at, but it could not be told.
    case unknown
    /// 0 is zero, 7 is the top.
    case level(Int)
    /// The queue overflowed, whatever its length when we looked.
    case event
  }

  /// What the highest bar stands for.
  enum Scale {
    case top(UInt64)
    /// The largest value in sight.
    case largest
  }

  private static let highest: UInt64 = 7
  static let blocks: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  static let letters: [Unicode.Scalar] = [" ", ".", ":", "-", "=", "+", "*", "#"]

  /// Milliseconds of one cell: so that `width` cells hold two minutes, and every cell a look.
  static func cellTime(width: Int, interval: UInt64, span: UInt64 = 120_000) -> UInt64 {
    let interval = max(interval, 1)
    let wanted = span / UInt64(max(width, 1))
    return max(1, (wanted + interval - 1) / interval) * interval
  }

  static func cells(
    _ history: History, width: Int, cellTime: UInt64, now: UInt64, scale: Scale
  ) -> [Cell] {
    let last = now / max(cellTime, 1)
    var values = [UInt64?](repeating: nil, count: width)
    var cells = [Cell](repeating: .nothing, count: width)
    for moment in history.moments {
      let back = Int(clamping: last &- min(moment.time / max(cellTime, 1), last))
      guard back < width else { continue }
      let place = width - 1 - back
      if moment.isMarked { cells[place] = .event }
      if cells[place] == .nothing { cells[place] = .unknown }
      if let value = moment.value { values[place] = max(values[place] ?? 0, value) }
    }
    let top = self.top(scale, values)
    for place in cells.indices where cells[place] == .unknown {
      if let value = values[place] { cells[place] = .level(level(value, of: top)) }
    }
    return cells
  }

  private static func top(_ scale: Scale, _ values: [UInt64?]) -> UInt64 {
    switch scale {
    case .top(let top): max(top, 1)
    case .largest: max(values.reduce(0) { max($0, $1 ?? 0) }, 1)
    }
  }

  /// Little is not nothing, and only the top looks like it.
  private static func level(_ value: UInt64, of top: UInt64) -> Int {
    if value == 0 { return 0 }
    if value >= top { return Int(highest) }
    let share = value.multipliedFullWidth(by: highest)
    return Int(max(1, min(highest - 1, top.dividingFullWidth(share).quotient)))
  }

  static func text(_ cells: [Cell], isUnicode: Bool) -> String {
    var text = String.UnicodeScalarView()
    for cell in cells {
      switch cell {
      case .nothing: text.append(" ")
      case .unknown: text.append("?")
      case .event: text.append("!")
      case .level(let level): text.append((isUnicode ? blocks : letters)[level])
      }
    }
    return String(text)
  }
}
