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
  public var timeout: CallTimeout
  /// A hint: the thread of the same process that seems to have the lock that a futex call waits
  /// for, by the customs of the C library. A thread with that number was there.
  public var likelyHolder: Int32?

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
}

/// A descriptor in a call, and in which direction it is waited for.
public struct AwaitedDescriptor: Sendable, Hashable {
  public var number: Int32
  /// It waits for something to read or accept (`POLLIN`).
  public var forReading: Bool
  /// It waits for room to write, or to be connected (`POLLOUT`).
  public var forWriting: Bool

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

/// A system call by name, on every architecture.
public enum CallName: String, Sendable, Hashable, CaseIterable {
  case read, readv, pread64, recvfrom, recvmsg, recvmmsg
  case write, writev, pwrite64, sendto, sendmsg, sendmmsg, sendfile, splice
  case accept, accept4, connect
  case poll, ppoll, select, pselect6
  case epollWait = "epoll_wait"
  case epollPwait = "epoll_pwait"
  case epollPwait2 = "epoll_pwait2"
  case ioUringEnter = "io_uring_enter"
  case futex, futexWait = "futex_wait", futexWaitv = "futex_waitv"
  case flock, fcntl
  case semop, semtimedop, msgrcv, msgsnd
  case wait4, waitid
  case nanosleep
  case clockNanosleep = "clock_nanosleep"
  case pause
  case rtSigsuspend = "rt_sigsuspend"
  case rtSigtimedwait = "rt_sigtimedwait"
  case fsync, fdatasync, openat, open, close
  case restartSyscall = "restart_syscall"

  /// What a call waits for, whatever its name.
  public enum Kind: Sendable, Hashable {
    case receive, send, accept, connect, wait, lock, child, sleep, other
  }

  public var kind: Kind {
    switch self {
    case .read, .readv, .pread64, .recvfrom, .recvmsg, .recvmmsg: .receive
    case .write, .writev, .pwrite64, .sendto, .sendmsg, .sendmmsg, .sendfile, .splice: .send
    case .accept, .accept4: .accept
    case .connect: .connect
    case .poll, .ppoll, .select, .pselect6, .epollWait, .epollPwait, .epollPwait2, .ioUringEnter:
      .wait
    case .futex, .futexWait, .futexWaitv, .flock, .fcntl, .semop, .semtimedop: .lock
    case .wait4, .waitid: .child
    case .nanosleep, .clockNanosleep, .pause, .rtSigsuspend, .rtSigtimedwait: .sleep
    case .fsync, .fdatasync, .openat, .open, .close, .msgrcv, .msgsnd, .restartSyscall: .other
    }
  }

  /// epoll_wait and its kin, whose members are in `ProcessSnapshot.watchLists`.
  public var isEventPoll: Bool {
    self == .epollWait || self == .epollPwait || self == .epollPwait2
  }
}
