import Glibc

/// Why a server, client or scenario could not do its work: one sentence for the person who asked.
public struct DemoError: Error, Sendable, Equatable {
  /// Begins in lower case and has no full stop: `cannot listen on 127.0.0.1:80: …`.
  public var message: String
  /// The exit status that goes with it: 1 failed, 64 wrong usage.
  public var status: Int32
  /// The error number of the system call that failed, for those who tell failures apart.
  public var number: Int32?

  public init(_ message: String, status: Int32 = 1, number: Int32? = nil) {
    self.message = message
    self.status = status
    self.number = number
  }

  /// What was typed makes no sense.
  public static func usage(_ message: String) -> DemoError {
    DemoError(message, status: 64)
  }

  /// A system call that failed just now: what was tried, and why not.
  static func system(_ attempt: String, _ number: Int32 = errno) -> DemoError {
    DemoError("cannot \(attempt): \(SystemCall.reason(number))", number: number)
  }

  /// A call that did not want to wait would have had to.
  var wouldWait: Bool { number == EAGAIN }
  /// The other side went away without closing; a server takes it for a close.
  var isPeerGone: Bool { number == ECONNRESET || number == EPIPE || number == ETIMEDOUT }
  /// No descriptor is left, in the process or in the system.
  var isOutOfDescriptors: Bool { number == EMFILE || number == ENFILE }
  var isRefused: Bool { number == ECONNREFUSED }
}

/// System calls that answer -1 on failure; the reader of `errno` in this room.
enum SystemCall {
  /// Runs a call, again when a signal interrupted it.
  static func retrying<Result: FixedWidthInteger>(
    _ attempt: String, _ call: () -> Result
  ) throws(DemoError) -> Result {
    while true {
      let result = call()
      if result != -1 { return result }
      let number = errno
      if number != EINTR { throw failure(attempt, number) }
    }
  }

  /// Opens a file that the caller closes and that children do not inherit.
  static func open(_ path: String, _ flags: Int32) throws(DemoError) -> Int32 {
    try retrying("open \(path)") { unsafe Glibc.open(path, flags | O_CLOEXEC) }
  }

  /// Reads a descriptor to its end.
  static func readAll(_ descriptor: Int32, _ attempt: String) throws(DemoError) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try retrying(attempt) { unsafe read(descriptor, &piece, piece.count) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  /// `cannot ATTEMPT: why`.
  static func failure(_ attempt: String, _ number: Int32) -> DemoError {
    DemoError("cannot \(attempt): \(words(number))", number: number)
  }

  /// The C library's words for an error number, beginning in lower case.
  static func words(_ number: Int32) -> String {
    let reason = reason(number)
    return reason.prefix(1).lowercased() + reason.dropFirst()
  }

  fileprivate static func reason(_ number: Int32) -> String {
    unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
  }
}
