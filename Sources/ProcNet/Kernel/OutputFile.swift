import Glibc

/// Where a command's output goes: a descriptor, with what a renderer wants to know of it.
public struct OutputFile: Sendable {
  private let descriptor: Int32
  private let name: String

  public static let standardOutput = OutputFile(descriptor: 1, name: "standard output")
  public static let standardError = OutputFile(descriptor: 2, name: "standard error")

  /// Writes all of it; a closed pipe is an error with `isBrokenPipe` (SIGPIPE must be ignored).
  public func write(_ bytes: borrowing Span<UInt8>) throws(KernelError) {
    var done = 0
    while done < bytes.count {
      let rest = bytes.extracting(done..<bytes.count)
      done += try SystemCall.retrying("write to", name) {
        unsafe rest.withUnsafeBufferPointer {
          unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
      }
    }
  }

  public func write(_ text: String) throws(KernelError) {
    try write([UInt8](text.utf8).span)
  }

  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal (`TIOCGWINSZ`); nil when it is none or does not say.
  public var width: Int? { size.columns }

  /// Lines of the terminal, likewise.
  public var height: Int? { size.lines }

  private var size: (columns: Int?, lines: Int?) {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return (nil, nil) }
    return (
      size.ws_col > 0 ? Int(size.ws_col) : nil, size.ws_row > 0 ? Int(size.ws_row) : nil
    )
  }

  /// Waits, but not longer than until nobody reads any more; answers whether somebody does.
  public func pause(milliseconds: UInt64) -> Bool {
    let end = CurrentProcess.steadyTime &+ milliseconds
    while true {
      let now = CurrentProcess.steadyTime
      guard now < end else { return true }
      var waiting = pollfd(fd: descriptor, events: 0, revents: 0)
      let count = unsafe poll(&waiting, 1, Int32(clamping: end - now))
      if count > 0 { return false }
    }
  }
}

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
}

extension CurrentProcess {
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
    var rest = timespec(
      tv_sec: Int(clamping: milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    var left = timespec()
    while unsafe nanosleep(&rest, &left) == -1, errno == EINTR { rest = left }
  }
}
