/// How a figure went over the last minutes: moments in a ring, the oldest are forgotten.
struct History {
  struct Moment: Hashable {
    /// Milliseconds of a steady clock.
    var time: UInt64
    /// nil when it was looked at and could not be told.
    var value: UInt64?
    /// Something happened since the moment before: the queue overflowed.
    var isMarked: Bool
  }

  private var ring: [Moment] = []
  /// Where the next one goes once the ring is full.
  private var next = 0
  let capacity: Int

  /// An hour of looks would fill no screen; ten minutes do.
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

/// The histories of many figures; those that nobody has fed for long are forgotten.
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
