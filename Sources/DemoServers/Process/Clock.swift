import Glibc

/// Waiting and burning time the way a program does that knows no better: the thread is gone for it.
enum Clock {
  /// nanosleep, continued when a signal interrupts it.
  static func sleep(_ seconds: Double) {
    var wanted = timespec(seconds: seconds)
    var left = timespec()
    while unsafe nanosleep(&wanted, &left) == -1, errno == EINTR { wanted = left }
  }

  static func sleepForever() -> Never {
    while true { sleep(1_000_000) }
  }

  /// Keeps the processor busy.
  static func spin(_ seconds: Double) {
    let end = now + seconds
    while now < end {}
  }

  /// Seconds since some moment in the past.
  static var now: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension timespec {
  /// At most about 30 years, so that no number of seconds is too large.
  init(seconds: Double) {
    let bounded = min(max(seconds, 0), 1e9)
    self.init(
      tv_sec: Int(bounded), tv_nsec: Int((bounded - bounded.rounded(.down)) * 1e9))
  }
}
