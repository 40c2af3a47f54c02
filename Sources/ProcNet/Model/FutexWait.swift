/// What a thread in futex waits for: a number in memory, which other threads know by its address.
public struct FutexWait: Sendable, Hashable {
  /// Two threads of one process with the same address wait for the same thing.
  public var address: UInt64
  public var operation: FutexOperation
  /// The memory may be shared with other processes, at other addresses there.
  public var isShared: Bool
  /// What the number was when it went to sleep. The C library's mutexes have 2: locked, and
  /// somebody waits.
  public var expected: UInt32
  /// A deadline, if there is one, is by the wall clock (`FUTEX_CLOCK_REALTIME`).
  var usesWallClock: Bool

  /// It waits for a mutex that another thread has: one that inherits priorities, one whose number
  /// is 2 (the C library's, Rust's, Go's and most others'), or one whose number names its owner
  /// (musl's, and robust ones).
  ///
  /// Not for a condition, a semaphore, or to be woken when there is work. A mutex for readers and
  /// writers is mostly not told from those, nor is one that is waited for until a time of the wall
  /// clock.
  public var isContendedMutex: Bool {
    switch operation {
    case .lockInheriting, .lockInheriting2: true
    case .wait: isLocked
    // The C library waits for its conditions by the wall clock even when there is no deadline; since
    // glibc 2.41 their number can be 2.
    case .waitBits: isLocked && !usesWallClock
    default: false
    }
  }

  private var isLocked: Bool { expected == FutexWord.contended || namedOwner != nil }

  /// The thread whose number is in the number itself; nil where that cannot be one.
  private var namedOwner: Int32? {
    guard expected & FutexWord.waiters != 0, expected & FutexWord.ownerDied == 0 else { return nil }
    let thread = expected & FutexWord.thread
    return 1...FutexWord.highestThread ~= thread ? Int32(thread) : nil
  }
}

/// Bits and values in the number that a futex call waits on.
enum FutexWord {
  /// `FUTEX_TID_MASK`, `FUTEX_OWNER_DIED` and `FUTEX_WAITERS` of inheriting and robust locks.
  static let thread: UInt32 = 0x3FFF_FFFF
  fileprivate static let ownerDied: UInt32 = 0x4000_0000
  static let waiters: UInt32 = 0x8000_0000
  /// Locked, and somebody waits.
  static let contended: UInt32 = 2
  /// The kernel's `PID_MAX_LIMIT`.
  fileprivate static let highestThread: UInt32 = 1 << 22
}

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
