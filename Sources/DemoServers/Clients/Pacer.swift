/// Lets things begin at an even pace, at most so many a second.
struct Pacer {
  /// Nanoseconds from one beginning to the next; nil lets everything begin at once.
  private let interval: UInt64?
  private var due: UInt64 = 0
  /// How much of the past may be made up for: waking up late should not lower the rate, and a
  /// long pause should not end in a burst.
  private static let memory = 20 * ClientClock.millisecond

  /// From 1 to 1,000,000,000 a second.
  init(perSecond rate: Int?) {
    interval = rate.map { ClientClock.second / UInt64(max(1, min($0, 1_000_000_000))) }
  }

  /// Whether one more may begin now; if so it counts.
  mutating func begin(_ now: UInt64) -> Bool {
    guard let interval else { return true }
    guard now >= due else { return false }
    let earliest = now > Self.memory ? now - Self.memory : 0
    due = max(due, earliest) + interval
    return true
  }

  /// When the next may begin.
  var next: UInt64 { due }
}
