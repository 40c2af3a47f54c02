import ProcNet

/// When to look: at even distances, whatever a look takes; what was missed is not made up for.
struct WatchClock {
  private(set) var interval: UInt64
  /// Milliseconds of the steady clock: of the look that is due, or was the last.
  private(set) var due: UInt64

  init(interval: UInt64, now: UInt64 = CurrentProcess.steadyTime) {
    self.interval = interval
    due = now
  }

  /// The moment of a look that is made now. As planned, as long as it is nearly so: even distances
  /// keep rates and histories still.
  func moment(now: UInt64) -> UInt64 { now > due &+ interval / 4 ? now : due }
  var moment: UInt64 { moment(now: CurrentProcess.steadyTime) }

  mutating func advance(now: UInt64 = CurrentProcess.steadyTime) {
    due &+= interval
    if due <= now { due = now &+ interval }
  }

  func isDue(now: UInt64 = CurrentProcess.steadyTime) -> Bool { now >= due }

  /// Milliseconds until the look that is due.
  var wait: UInt64 { wait(now: CurrentProcess.steadyTime) }
  func wait(now: UInt64) -> UInt64 { due - min(due, now) }

  /// Another interval, from the last look on.
  mutating func change(interval other: UInt64) {
    guard other != interval else { return }
    due = due - min(due, interval) &+ other
    interval = other
  }

  mutating func makeDue(now: UInt64 = CurrentProcess.steadyTime) { due = now }
}
