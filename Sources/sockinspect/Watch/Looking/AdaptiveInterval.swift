/// How often something costly is looked at: as often as wanted while it is cheap, and otherwise so
/// seldom that it takes no more than its share of a processor.
struct AdaptiveInterval {
  /// At most one part in so many of a processor's time.
  let share: UInt64
  private var due: UInt64 = 0
  /// When it was looked at last; nil for never.
  private(set) var last: UInt64?

  init(share: UInt64 = 200) { self.share = share }

  func isDue(at now: UInt64) -> Bool { now >= due }

  /// Whether it is due for something new, so many times as often.
  func isDue(at now: UInt64, urgently times: UInt64) -> Bool {
    guard let last else { return true }
    return now >= last &+ (due - min(last, due)) / max(times, 1)
  }

  /// - Parameter cost: Microseconds of processor time.
  mutating func looked(at now: UInt64, cost: UInt64) {
    last = now
    due = now &+ cost * share / 1000
  }

  mutating func forget() {
    due = 0
    last = nil
  }

  /// Milliseconds since the last look.
  func age(at now: UInt64) -> UInt64? { last.map { now - min($0, now) } }
}
