/// The system call in which a thread sleeps, with what it waits for.
public struct ThreadCall: Sendable, Hashable {
  /// The architecture's own number, as `/proc/<pid>/task/<tid>/syscall` shows it.
  public var number: Int32
  /// nil for calls that mean nothing to us. Of a call that was interrupted and goes on
  /// (`restart_syscall`), its own name, where that can be told.
  public var name: CallName?
  /// The six arguments, raw.
  public var arguments: [UInt64]
  /// The descriptors that it waits for: the first argument, or the set of poll and select. For
  /// epoll the epoll instance itself. nil where the set is in memory that could not be read.
  public var descriptors: [AwaitedDescriptor]?
  /// When it ends by itself.
  public var timeout: CallTimeout
  /// A hint: the thread of the same process that seems to have the lock that a futex call waits
  /// for, by the customs of the C library. A thread with that number was there.
  public var likelyHolder: Int32?
  /// Where the call takes a path: that path, as the program wrote it, without its final zero byte.
  ///
  /// Of two paths the old one (rename, link), or the one that is made (symlink). Empty where the
  /// call means the descriptor in `pathFolder` itself (`AT_EMPTY_PATH`). nil for calls without a
  /// path, and where the memory could not be read (`hidesPath`).
  public var path: [UInt8]?
  /// The descriptor of the folder that a relative path begins at; nil for the working folder
  /// (`AT_FDCWD`), and for calls that have no such argument.
  public var pathFolder: Int32?

  /// A call with what its arguments say; path and likely holder are set apart.
  public init(
    number: Int32, name: CallName?, arguments: [UInt64], descriptors: [AwaitedDescriptor]?,
    timeout: CallTimeout
  ) {
    self.number = number
    self.name = name
    self.arguments = arguments
    self.descriptors = descriptors
    self.timeout = timeout
  }

  /// An argument; nil where fewer are known.
  func argument(_ index: Int) -> UInt64? {
    arguments.indices.contains(index) ? arguments[index] : nil
  }

  /// It takes a path, but what is in memory there could not be read.
  var hidesPath: Bool { path == nil && name?.takesPath == true }

  /// Its path is a relative one that begins at the process's working folder.
  var beginsAtWorkingFolder: Bool {
    guard let first = path?.first else { return false }
    return first != UInt8(ascii: "/") && pathFolder == nil
  }

  /// It sleeps until a signal comes, as masters of servers do: pause, sigsuspend, sigtimedwait.
  public var isSignalWait: Bool {
    name == .pause || name == .rtSigsuspend || name == .rtSigtimedwait
  }

  /// semop and semtimedop: the number of the System V semaphore set, as `ipcs -s` shows it.
  public var semaphoreSet: Int32? {
    guard name == .semop || name == .semtimedop else { return nil }
    return argument(0).map { Int32(truncatingIfNeeded: $0) }
  }

  /// It waits for a lock on a file, without an end: flock, and fcntl with `F_SETLKW` or
  /// `F_OFD_SETLKW`.
  public var locksFile: Bool {
    switch name {
    case .flock: true
    case .fcntl: argument(1).map { Self.waitingLocks.contains($0) } ?? false
    default: false
    }
  }

  /// `F_SETLKW` and `F_OFD_SETLKW` of fcntl.
  static let waitingLocks: Set<UInt64> = [7, 38]

  /// What a thread in futex waits for: nil for other calls, and for a futex call that does not wait.
  public var futex: FutexWait? {
    switch name {
    case .futex:
      let operation = FutexOperation(argument(1) ?? .max)
      return operation.waits ? wait(operation, flags: argument(1), expected: argument(2)) : nil
    case .futexWait: return wait(.waitBits, flags: argument(3), expected: argument(1))
    default: return nil
    }
  }

  /// `FUTEX_PRIVATE_FLAG` (and `FUTEX2_PRIVATE`) is 128, `FUTEX_CLOCK_REALTIME` 256.
  private func wait(
    _ operation: FutexOperation, flags: UInt64?, expected: UInt64?
  ) -> FutexWait? {
    guard let address = argument(0), let flags, let expected else { return nil }
    return FutexWait(
      address: address, operation: operation, isShared: flags & 128 == 0,
      expected: UInt32(truncatingIfNeeded: expected), usesWallClock: flags & 256 != 0)
  }

  /// nil for other calls, and for a kind of child that we do not know.
  public var awaitedChild: AwaitedChild? {
    switch name {
    case .wait4: argument(0).flatMap { Self.child(Int32(truncatingIfNeeded: $0)) }
    case .waitid:
      argument(1).flatMap {
        Self.child(kind: arguments[0], Int32(truncatingIfNeeded: $0))
      }
    default: nil
    }
  }

  private static func child(_ number: Int32) -> AwaitedChild? {
    if number > 0 { return .process(number) }
    if number == -1 { return .any }
    return number == .min ? nil : .group(-number)
  }

  /// `P_ALL`, `P_PID`, `P_PGID` and `P_PIDFD`.
  private static func child(kind: UInt64, _ number: Int32) -> AwaitedChild? {
    switch kind {
    case 0: .any
    case 1: .process(number)
    case 2: .group(number)
    case 3: .descriptor(number)
    default: nil
    }
  }
}

/// A descriptor in a call, and in which direction it is waited for.
public struct AwaitedDescriptor: Sendable, Hashable {
  /// The number of the descriptor in the process that sleeps.
  public var number: Int32
  /// It waits for something to read or accept (`POLLIN`).
  public var forReading: Bool
  /// It waits for room to write, or to be connected (`POLLOUT`).
  public var forWriting: Bool

  /// One entry of a set that poll, select or another call waits for.
  public init(number: Int32, forReading: Bool, forWriting: Bool) {
    self.number = number
    self.forReading = forReading
    self.forWriting = forWriting
  }
}

/// How long a call may sleep, as far as its arguments tell.
public enum CallTimeout: Sendable, Hashable {
  /// Until something happens.
  case never
  /// Milliseconds, as they were asked for (not what is left).
  case after(UInt64)
  /// At a moment that was computed before (a condition variable with a time-out, say): it ends by
  /// itself, but how long was asked for is not told.
  case atDeadline
  /// In memory that could not be read, or not an argument of this call. A receive or send time-out
  /// set on the socket (`SO_RCVTIMEO`) does not show anywhere.
  case unknown
}

/// Which children a thread in wait4 or waitid waits for.
public enum AwaitedChild: Sendable, Hashable {
  /// Every child.
  case any
  /// The child with this number.
  case process(Int32)
  /// Any of this process group; 0 is its own.
  case group(Int32)
  /// The process behind a descriptor (`pidfd`).
  case descriptor(Int32)
}

/// What a thread in futex waits for: a number in memory, which other threads know by its address.
public struct FutexWait: Sendable, Hashable {
  /// Two threads of one process with the same address wait for the same thing.
  public var address: UInt64
  /// In which way it waits; says whether the number is a mutex.
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
  /// `FUTEX_WAIT`: sleeps while the number is what it was.
  case wait = 0
  /// `FUTEX_WAKE`.
  case wake
  /// `FUTEX_FD`, gone since Linux 2.6.26.
  case descriptor
  /// `FUTEX_REQUEUE`.
  case requeue
  /// `FUTEX_CMP_REQUEUE`.
  case compareRequeue
  /// `FUTEX_WAKE_OP`.
  case wakeOperation
  /// `FUTEX_LOCK_PI`: waits for a mutex that inherits priorities.
  case lockInheriting
  /// `FUTEX_UNLOCK_PI`.
  case unlockInheriting
  /// `FUTEX_TRYLOCK_PI`.
  case tryLockInheriting
  /// `FUTEX_WAIT_BITSET`: as `wait`; a deadline is a moment, not a duration.
  case waitBits
  /// `FUTEX_WAKE_BITSET`.
  case wakeBits
  /// `FUTEX_WAIT_REQUEUE_PI`: waits for a condition, and then for such a mutex.
  case waitRequeueInheriting
  /// `FUTEX_CMP_REQUEUE_PI`.
  case compareRequeueInheriting
  /// `FUTEX_LOCK_PI2`: as `lockInheriting`, by the steady clock (since Linux 5.14).
  case lockInheriting2
  /// An operation that we do not know.
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
