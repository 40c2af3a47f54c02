import Glibc

/// The process we are.
public enum CurrentProcess {
  /// A closed pipe and the limit of a file's size (`ulimit -f`) become errors of `write` instead
  /// of the end of the process.
  public static func failInWrites() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  public static func end(status: Int32) -> Never { exit(status) }

  public static var isRoot: Bool { user == 0 }

  /// The effective user id.
  public static var user: UInt32 { geteuid() }

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
