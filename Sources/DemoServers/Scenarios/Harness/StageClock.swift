import Glibc

/// A moment that something has to be done by.
struct Deadline: Sendable {
  private let milliseconds: Int

  init(in milliseconds: Int) { self.milliseconds = Self.now + milliseconds }

  /// Milliseconds until then, not below 0.
  var left: Int { max(0, milliseconds - Self.now) }
  var hasPassed: Bool { left == 0 }

  /// Milliseconds since the host started (CLOCK_MONOTONIC).
  static var now: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  static func pause(_ milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }
}
