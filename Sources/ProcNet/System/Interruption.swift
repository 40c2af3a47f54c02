import Glibc
import Synchronization

/// A signal that asks to end, for a loop that has something to finish first.
///
/// The first SIGINT, SIGTERM or SIGHUP is noted; a second one ends the process at once, so that
/// nothing can keep it from ending. What the parent has left ignored stays ignored, as nohup wants.
public enum Interruption {
  private static let signal = Atomic<Int32>(0)
  private static let numbers = [SIGINT, SIGTERM, SIGHUP]

  /// The signals are noted from here on, also if the parent has handed them on blocked.
  public static func note() {
    for number in numbers {
      var action = sigaction()
      unsafe sigaction(number, nil, &action)
      let now = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      guard now != 1 else { continue }
      action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = handler
      unsafe sigaction(number, &action, nil)
    }
    var set = Self.set
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static var set: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    return set
  }

  private static let handler: @convention(c) (Int32) -> Void = { number in
    let isFirst = Interruption.signal.compareExchange(
      expected: 0, desired: number, ordering: .acquiringAndReleasing
    ).exchanged
    if isFirst { return }
    TemporaryName.remove()
    _ = Glibc.signal(number, SIG_DFL)
    raise(number)
  }

  /// Whether one has come.
  public static var hasCome: Bool { signal.load(ordering: .acquiring) != 0 }

  /// Waits, but not longer than until one comes; answers whether none has.
  public static func pause(milliseconds: UInt64) -> Bool {
    let end = CurrentProcess.steadyTime &+ milliseconds
    var blocked = Self.set
    var before = sigset_t()
    // Held back between the question and the wait, which lets them through: none is missed.
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    while !hasCome {
      let now = CurrentProcess.steadyTime
      guard now < end else { return true }
      let left = end - now
      var time = timespec(
        tv_sec: Int(clamping: left / 1000), tv_nsec: Int(left % 1000) * 1_000_000)
      unsafe pselect(0, nil, nil, nil, &time, &before)
    }
    return false
  }

  /// Ends as the signal would have: the parent sees that we were interrupted.
  public static func end() -> Never {
    let number = signal.load(ordering: .acquiring)
    _ = Glibc.signal(number, SIG_DFL)
    raise(number)
    exit(128 + number)
  }
}
