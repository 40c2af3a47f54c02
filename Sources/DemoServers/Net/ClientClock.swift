import Glibc

/// Moments in nanoseconds, on a clock that never jumps (`CLOCK_MONOTONIC`).
enum ClientClock {
  static let second: UInt64 = 1_000_000_000
  static let millisecond: UInt64 = 1_000_000

  static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(max(time.tv_sec, 0)) &* second &+ UInt64(max(time.tv_nsec, 0))
  }

  /// Milliseconds from one moment to another as `poll` and `epoll_wait` want them: rounded up, so
  /// that nobody wakes too early; -1, for ever, without a moment.
  static func milliseconds(from now: UInt64, to moment: UInt64?) -> Int32 {
    guard let moment else { return -1 }
    guard moment > now else { return 0 }
    let wait = (moment - now - 1) / millisecond + 1
    return Int32(clamping: wait)
  }
}
