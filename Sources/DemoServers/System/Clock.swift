import Glibc

/// Nanoseconds of `CLOCK_MONOTONIC`, and ways to let time pass as a program does that knows no
/// better: the thread is gone for it.
enum Clock {
  static let second: UInt64 = 1_000_000_000
  static let millisecond: UInt64 = 1_000_000

  static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(max(time.tv_sec, 0)) &* second &+ UInt64(max(time.tv_nsec, 0))
  }

  /// A moment in the future, at most about 30 years from now.
  static func now(plus seconds: Double) -> UInt64 {
    now + UInt64(min(max(seconds, 0), 1e9) * 1e9)
  }

  /// Milliseconds from one moment to another as `poll` and `epoll_wait` want them: rounded up, so
  /// that no wait ends too early; -1, for ever, without a moment.
  static func milliseconds(from now: UInt64, to moment: UInt64?) -> Int32 {
    guard let moment else { return -1 }
    guard moment > now else { return 0 }
    let wait = (moment - now - 1) / millisecond + 1
    return Int32(clamping: wait)
  }

  /// nanosleep, continued when a signal interrupts it; at most about 30 years.
  static func sleep(_ seconds: Double) {
    let bounded = min(max(seconds, 0), 1e9)
    var wanted = timespec(
      tv_sec: Int(bounded), tv_nsec: Int((bounded - bounded.rounded(.down)) * 1e9))
    var left = timespec()
    while unsafe nanosleep(&wanted, &left) == -1, errno == EINTR { wanted = left }
  }

  static func sleepForever() -> Never {
    while true { sleep(1_000_000) }
  }

  /// Keeps the processor busy.
  static func spin(_ seconds: Double) {
    let end = now(plus: seconds)
    while now < end {}
  }
}

/// A moment that something has to be done by.
struct Deadline: Sendable {
  private let moment: UInt64

  init(in milliseconds: Int) { moment = Clock.now + UInt64(milliseconds) * Clock.millisecond }

  var hasPassed: Bool { Clock.now >= moment }
}

/// A number of seconds as people type it: `3`, `0.5`.
public enum Seconds {
  public static func read(_ text: String) throws(DemoError) -> Double {
    let isPlain = text.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
    guard isPlain, let seconds = Double(text), seconds <= 1e9 else {
      throw .usage("'\(text)' is not a number of seconds")
    }
    return seconds
  }
}
