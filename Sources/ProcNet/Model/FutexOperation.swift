/// What futex was called for: its second argument without the flags.
public enum FutexOperation: UInt64, Sendable, Hashable {
  case wait = 0
  case wake, descriptor, requeue, compareRequeue, wakeOperation
  case lockInheriting, unlockInheriting, tryLockInheriting
  case waitBits, wakeBits, waitRequeueInheriting, compareRequeueInheriting
  case lockInheriting2
  case unknown = 0xFF

  /// `FUTEX_PRIVATE_FLAG` and `FUTEX_CLOCK_REALTIME` are not part of the operation.
  init(_ argument: UInt64) {
    self = FutexOperation(rawValue: argument & 0x7F) ?? .unknown
  }

  /// It sleeps until another thread wakes it.
  public var waits: Bool {
    switch self {
    case .wait, .lockInheriting, .waitBits, .waitRequeueInheriting, .lockInheriting2: true
    default: false
    }
  }
}
