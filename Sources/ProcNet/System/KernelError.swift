import Glibc

/// What could not be done, on what, and why: the one error of this library.
public struct KernelError: Error, Sendable, Equatable {
  /// The verb of the sentence "cannot … SUBJECT": `read`, `list`, `ask sock_diag for`.
  public var attempt: String
  /// What it was tried on, usually a path.
  public var subject: String
  /// Why it could not be done.
  public var cause: Cause
  /// What the kernel adds to its error number (`NLMSGERR_ATTR_MSG`); nil for most failures.
  public var detail: String?

  /// The kinds of reasons.
  public enum Cause: Sendable, Equatable {
    /// A system call failed with this error number.
    case system(Int32)
    /// Bytes that do not mean what they should; says what is wrong with them.
    case malformed(String)
    /// The kernel says that the answer changed while it was given (`NLM_F_DUMP_INTR`).
    case interrupted
    /// The recording does not hold this.
    case notRecorded
    /// There is no `/proc`: a chroot or container without it.
    case notMounted
    /// The caller has read enough; no failure.
    case enough
  }

  /// Thrown by a sink to end a listing early.
  public static let enough = KernelError("go on", "listing", .enough)

  /// An error with the parts of its sentence, see `message`.
  public init(
    _ attempt: String, _ subject: String, _ cause: Cause, detail: String? = nil
  ) {
    self.attempt = attempt
    self.subject = subject
    self.cause = cause
    self.detail = detail
  }

  /// The error number of a failed system call.
  public var number: Int32? {
    if case .system(let number) = cause { number } else { nil }
  }

  /// One sentence without a full stop: `cannot read /proc/7/fd: permission denied`.
  public var message: String {
    "cannot \(attempt) \(subject): \(reason)"
  }

  /// The part of the sentence after the colon.
  public var reason: String {
    switch cause {
    case .system(let number): SystemCall.describe(number) + (detail.map { ": \($0)" } ?? "")
    case .malformed(let what): what
    case .interrupted: "it kept changing while it was read"
    case .notRecorded: "the recording does not hold it"
    case .notMounted: "it is not mounted here"
    case .enough: "enough was listed"
    }
  }

  /// `EACCES` or `EPERM`: somebody else may be allowed.
  public var isDenied: Bool { number == EACCES || number == EPERM }
  /// The process or file is gone, which is normal while processes come and go.
  public var isGone: Bool { number == ENOENT || number == ESRCH || number == ENOTDIR }
  /// `EEXIST`: something has that name already.
  public var isExisting: Bool { number == EEXIST }
  /// `EPIPE`: nobody reads any more.
  public var isBrokenPipe: Bool { number == EPIPE }
  var isNotRecorded: Bool { cause == .notRecorded }
  /// The kernel has no such interface (module missing, protocol unknown).
  var isUnsupported: Bool {
    number == ENOENT || number == EPROTONOSUPPORT || number == EAFNOSUPPORT
      || number == EOPNOTSUPP || number == EINVAL
  }
  /// The socket went before it could be closed; another one may be in its place (`ESTALE`).
  public var isGoneSocket: Bool { number == ENOENT || number == ESTALE }
  /// The kernel was built without `INET_DIAG_DESTROY`.
  public var isUnknownToKernel: Bool { number == EOPNOTSUPP }
}

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

  /// Writes all bytes to a descriptor, with as many calls as that takes.
  static func write(
    _ bytes: borrowing Span<UInt8>, to number: Int32, _ attempt: String, _ subject: String
  ) throws(KernelError) {
    var done = 0
    while done < bytes.count {
      let rest = bytes.extracting(done..<bytes.count)
      done += try retrying(attempt, subject) {
        unsafe rest.withUnsafeBufferPointer {
          unsafe Glibc.write(number, $0.baseAddress, $0.count)
        }
      }
    }
  }

  /// The error number of the call before, for one that does not answer -1 when it fails.
  static var lastError: Int32 { errno }

  /// The C library's words for an error number, beginning in lower case.
  static func describe(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    let words = unsafe String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
