/// How a figure went over the last minutes: moments in a ring, the oldest are forgotten.
struct History {
  struct Moment: Hashable {
    /// Milliseconds of a steady clock.
    var time: UInt64
    /// nil when it was sampled and is not known.
    var value: UInt64?
    /// Something happened since the moment before: the queue overflowed.
    var isMarked: Bool
  }

  private var ring: [Moment] = []
  /// Where the next one goes once the ring is full.
  private var next = 0
  let capacity: Int

  /// An hour of samples would fill no screen; ten minutes do.
  static let usualCapacity = 600

  init(capacity: Int = usualCapacity) { self.capacity = max(capacity, 1) }

  mutating func append(_ moment: Moment) {
    if ring.count < capacity { return ring.append(moment) }
    ring[next] = moment
    next = (next + 1) % capacity
  }

  /// From the oldest to the newest.
  var moments: [Moment] { Array(ring[next...] + ring[..<next]) }

  var newest: Moment? { ring.isEmpty ? nil : ring[(next + ring.count - 1) % ring.count] }
}

/// The histories of many figures; those without a new value for long are forgotten.
struct HistoryStore<Name: Hashable> {
  private var histories: [Name: History] = [:]

  subscript(name: Name) -> History { histories[name] ?? History() }

  /// How many moments each may hold where there are many: memory stays within some megabytes.
  static func capacity(for count: Int) -> Int {
    min(History.usualCapacity, max(120, 300_000 / max(count, 1)))
  }

  mutating func record(_ figures: [(name: Name, moment: History.Moment)]) {
    let capacity = Self.capacity(for: figures.count)
    for (name, moment) in figures {
      histories[name, default: History(capacity: capacity)].append(moment)
    }
    guard let now = figures.first?.moment.time, histories.count > 2 * figures.count else { return }
    histories = histories.filter { ($0.value.newest?.time ?? 0) + 600_000 > now }
  }
}

/// A history as a line of small bars, the newest at the right; each cell stands for the same time.
///
/// Cells are counted from the clock's beginning, not from now, so that they wander to the left as
/// they are and do not shimmer.
struct Sparkline {
  /// What one cell shows: the largest value of its time, and whether something happened.
  enum Cell: Hashable {
    /// No sample.
    case nothing
    /// Sampled, but not known.
    case unknown
    /// 0 is zero, 7 is the top.
    case level(Int)
    /// The queue overflowed, whatever its length in the sample.
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

  /// Milliseconds of one cell: so that `width` cells hold two minutes, and every cell a sample.
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
    // In a recording there are moments after the one that is shown.
    for moment in history.moments where moment.time <= now {
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
