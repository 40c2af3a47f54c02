import Glibc

/// Where a command's output goes: a descriptor, with what a renderer wants to know of it.
public struct OutputFile: Sendable {
  private let descriptor: Int32
  private let name: String

  /// Descriptor 1.
  public static let standardOutput = OutputFile(descriptor: 1, name: "standard output")
  /// Descriptor 2.
  public static let standardError = OutputFile(descriptor: 2, name: "standard error")

  /// Writes all of it; a closed pipe is an error with `isBrokenPipe` (SIGPIPE must be ignored).
  public func write(_ bytes: borrowing Span<UInt8>) throws(KernelError) {
    try SystemCall.write(bytes, to: descriptor, "write to", name)
  }

  /// Writes text as UTF-8, likewise.
  public func write(_ text: String) throws(KernelError) {
    try write([UInt8](text.utf8).span)
  }

  /// Whether somebody may be looking at it.
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
