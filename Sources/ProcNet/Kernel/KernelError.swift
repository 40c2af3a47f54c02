/// What could not be done, on what, and why: the one error of this library.
public struct KernelError: Error, Sendable, Equatable {
  /// The verb of the sentence "cannot … SUBJECT": `read`, `list`, `ask sock_diag for`.
  public var attempt: String
  /// What it was tried on, usually a path.
  public var subject: String
  public var cause: Cause

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
    /// Whoever was listening has heard enough; no failure.
    case enough
  }

  /// Thrown by a sink to end a listing early.
  public static let enough = KernelError("go on", "listing", .enough)

  public init(_ attempt: String, _ subject: String, _ cause: Cause) {
    self.attempt = attempt
    self.subject = subject
    self.cause = cause
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
    case .system(let number): SystemCall.describe(number)
    case .malformed(let what): what
    case .interrupted: "it kept changing while it was read"
    case .notRecorded: "the recording does not hold it"
    case .notMounted: "it is not mounted here"
    case .enough: "enough was listed"
    }
  }
}
