import Glibc
import Synchronization

/// The process we are.
public enum CurrentProcess {
  /// Whether a person can answer a question on standard input.
  public static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// A closed pipe and the limit of a file's size (`ulimit -f`) become errors of `write` instead
  /// of the end of the process.
  public static func failInWrites() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  /// Ends the process; what is still in a buffer of ours is lost.
  public static func end(status: Int32) -> Never { exit(status) }

  /// The effective user is 0, which need not mean every capability.
  public static var isRoot: Bool { user == 0 }

  /// The effective user id.
  public static var user: UInt32 { geteuid() }

  /// The value of a variable, as UTF-8; nil when it is not set.
  public static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Milliseconds since 1970.
  public static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(max(time.tv_sec, 0)) * 1000 + UInt64(max(time.tv_nsec, 0)) / 1_000_000
  }

  /// Milliseconds of a clock that nobody sets.
  public static var steadyTime: UInt64 { steadyMicroseconds / 1000 }

  /// Microseconds of the same clock.
  public static var steadyMicroseconds: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(max(time.tv_sec, 0)) * 1_000_000 + UInt64(max(time.tv_nsec, 0)) / 1000
  }

  /// Microseconds of processor time that this process has used, its threads and the kernel's work
  /// for it included.
  public static var processorTime: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(max(time.tv_sec, 0)) * 1_000_000 + UInt64(max(time.tv_nsec, 0)) / 1000
  }

  /// Waits; a signal does not make it shorter.
  public static func pause(milliseconds: UInt64) {
    let end = steadyMicroseconds +| milliseconds *| 1000
    let seconds = Int(clamping: end / 1_000_000)
    var time = timespec(tv_sec: seconds, tv_nsec: Int(end % 1_000_000) * 1000)
    // Answers its error number, and keeps to the moment when it is called again.
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
  }
}

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
