/// A system call by name, on every architecture.
public enum CallName: String, Sendable, Hashable, CaseIterable {
  case read, readv, pread64, preadv, preadv2, recvfrom, recvmsg, recvmmsg
  case write, writev, pwrite64, pwritev, pwritev2, sendto, sendmsg, sendmmsg, sendfile, splice
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
  case open, openat, openat2, creat
  case stat, lstat, fstat, newfstatat, statx, statfs, fstatfs
  case access, faccessat, faccessat2
  case readlink, readlinkat, getdents, getdents64
  case mkdir, mkdirat, rmdir, unlink, unlinkat
  case rename, renameat, renameat2, link, linkat, symlink, symlinkat
  case truncate, ftruncate, fallocate
  case copyFileRange = "copy_file_range"
  case chmod, fchmod, fchmodat, chown, fchown, lchown, fchownat, utimensat
  case getxattr, lgetxattr, fgetxattr
  case chdir, execve, execveat
  case fsync, fdatasync, sync, syncfs, msync
  case syncFileRange = "sync_file_range"
  case close
  case restartSyscall = "restart_syscall"

  /// What a call waits for, whatever its name.
  public enum Kind: Sendable, Hashable {
    case receive, send, accept, connect, wait, lock, child, sleep
    /// The file system or the disk below it: names, attributes, and what is written out. Reading and
    /// writing a file are `receive` and `send`; what the descriptor leads to tells the difference.
    case file
    case other
  }

  public var kind: Kind {
    switch self {
    case .read, .readv, .pread64, .preadv, .preadv2, .recvfrom, .recvmsg, .recvmmsg: .receive
    case .write, .writev, .pwrite64, .pwritev, .pwritev2, .sendto, .sendmsg, .sendmmsg: .send
    case .sendfile, .splice: .send
    case .accept, .accept4: .accept
    case .connect: .connect
    case .poll, .ppoll, .select, .pselect6, .epollWait, .epollPwait, .epollPwait2, .ioUringEnter:
      .wait
    case .futex, .futexWait, .futexWaitv, .flock, .fcntl, .semop, .semtimedop: .lock
    case .wait4, .waitid: .child
    case .nanosleep, .clockNanosleep, .pause, .rtSigsuspend, .rtSigtimedwait: .sleep
    case .open, .openat, .openat2, .creat, .stat, .lstat, .fstat, .newfstatat, .statx, .statfs,
      .fstatfs, .access, .faccessat, .faccessat2, .readlink, .readlinkat, .getdents, .getdents64,
      .mkdir, .mkdirat, .rmdir, .unlink, .unlinkat, .rename, .renameat, .renameat2, .link, .linkat,
      .symlink, .symlinkat, .truncate, .ftruncate, .fallocate, .copyFileRange, .chmod, .fchmod,
      .fchmodat, .chown, .fchown, .lchown, .fchownat, .utimensat, .getxattr, .lgetxattr,
      .fgetxattr, .chdir, .execve, .execveat, .fsync, .fdatasync, .sync, .syncfs, .msync,
      .syncFileRange:
      .file
    // A close can wait for a socket to send what is left (SO_LINGER), or for a remote file system.
    case .close, .msgrcv, .msgsnd, .restartSyscall: .other
    }
  }

  /// epoll_wait and its kin, whose members are in `ProcessSnapshot.watchLists`.
  public var isEventPoll: Bool {
    self == .epollWait || self == .epollPwait || self == .epollPwait2
  }

  /// One of its arguments points to a path, see `ThreadCall.path`.
  var takesPath: Bool { CallTable.signature(named: self)?.path != nil }
}
