import Glibc

/// The one place that reads `errno`.
enum SystemCall {
  /// Runs a call that answers -1 on failure, again when a signal interrupted it.
  static func retrying<Result: FixedWidthInteger>(
    _ attempt: String, _ subject: String, _ call: () -> Result
  ) throws(KernelError) -> Result {
    while true {
      let result = call()
      if result != -1 { return result }
      let number = errno
      if number != EINTR { throw KernelError(attempt, subject, .system(number)) }
    }
  }

  /// The C library's words for an error number, beginning in lower case.
  static func describe(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    let words = unsafe String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}

/// Error numbers that callers tell apart, so that they need not import the C library.
extension KernelError {
  public var isDenied: Bool { number == EACCES || number == EPERM }
  /// The process or file is gone, which is normal while processes come and go.
  public var isGone: Bool { number == ENOENT || number == ESRCH || number == ENOTDIR }
  public var isBrokenPipe: Bool { number == EPIPE }
  public var isNotRecorded: Bool { cause == .notRecorded }
  /// The kernel has no such interface (module missing, protocol unknown).
  public var isUnsupported: Bool {
    number == ENOENT || number == EPROTONOSUPPORT || number == EAFNOSUPPORT
      || number == EOPNOTSUPP || number == EINVAL
  }
}
