/// A system call by name, on every architecture: each case is the one of its manual page in section 2.
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
    /// For bytes to read, from a socket, a pipe or a file.
    case receive
    /// For room to write, likewise.
    case send
    /// For a connection to accept.
    case accept
    /// For the other end to take a connection.
    case connect
    /// For something to happen at one of several descriptors.
    case wait
    /// For a futex, a lock on a file or a semaphore.
    case lock
    /// For a child to end.
    case child
    /// For time to pass, or a signal to come.
    case sleep
    /// The file system or the disk below it: names, attributes, and what is written out. Reading and
    /// writing a file are `receive` and `send`; what the descriptor leads to tells the difference.
    case file
    /// None of these.
    case other
  }

  /// What a thread in this call waits for; one name has one kind on every architecture.
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

/// The system calls in which threads sleep, with their numbers on each architecture.
///
/// The numbers are those of `asm/unistd_64.h` (x86-64) and `asm-generic/unistd.h` (aarch64), which
/// never change. A program of another kind (32 bit on a 64 bit kernel) has other numbers.
public enum CallTable {
  /// What a number means; nil for calls that mean nothing to us.
  public static func name(of number: Int32, on architecture: Architecture) -> CallName? {
    signature(of: number, on: architecture)?.name
  }

  /// The number of a call; nil where the architecture does not have it.
  public static func number(of name: CallName, on architecture: Architecture) -> Int32? {
    signature(named: name).flatMap { number($0, architecture) }
  }

  static func signature(named name: CallName) -> SyscallSignature? { named[name] }

  static func signature(of number: Int32, on architecture: Architecture) -> SyscallSignature? {
    switch architecture {
    case .x86: x86[number]
    case .aarch64: generic[number]
    }
  }

  private static func number(_ signature: SyscallSignature, _ architecture: Architecture) -> Int32?
  {
    architecture == .x86 ? signature.x86 : signature.generic
  }

  private static let named = Dictionary(
    signatures.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  private static let x86 = table(\.x86)
  private static let generic = table(\.generic)

  private static func table(_ number: (SyscallSignature) -> Int32?) -> [Int32: SyscallSignature] {
    var table: [Int32: SyscallSignature] = [:]
    for signature in signatures {
      if let number = number(signature) { table[number] = signature }
    }
    return table
  }

  private static let signatures = transfers + waits + locks + sleeps + paths + files + others

  /// A time-out set on the socket would end these; it does not show.
  private static let transfers = [
    SyscallSignature(.read, 0, 63, .argument(0), .unknown),
    SyscallSignature(.readv, 19, 65, .argument(0), .unknown),
    SyscallSignature(.pread64, 17, 67, .argument(0), .unknown),
    SyscallSignature(.preadv, 295, 69, .argument(0), .unknown),
    SyscallSignature(.preadv2, 327, 286, .argument(0), .unknown),
    SyscallSignature(.recvfrom, 45, 207, .argument(0), .unknown),
    SyscallSignature(.recvmsg, 47, 212, .argument(0), .unknown),
    SyscallSignature(.recvmmsg, 299, 243, .argument(0), .unknown),
    SyscallSignature(.write, 1, 64, .argument(0), .unknown),
    SyscallSignature(.writev, 20, 66, .argument(0), .unknown),
    SyscallSignature(.pwrite64, 18, 68, .argument(0), .unknown),
    SyscallSignature(.pwritev, 296, 70, .argument(0), .unknown),
    SyscallSignature(.pwritev2, 328, 287, .argument(0), .unknown),
    SyscallSignature(.sendto, 44, 206, .argument(0), .unknown),
    SyscallSignature(.sendmsg, 46, 211, .argument(0), .unknown),
    SyscallSignature(.sendmmsg, 307, 269, .argument(0), .unknown),
    SyscallSignature(.sendfile, 40, 71, .transfer(from: 1, to: 0), .unknown),
    SyscallSignature(.splice, 275, 76, .transfer(from: 0, to: 2), .unknown),
    SyscallSignature(.accept, 43, 202, .argument(0), .unknown),
    SyscallSignature(.accept4, 288, 242, .argument(0), .unknown),
    SyscallSignature(.connect, 42, 203, .argument(0), .unknown),
  ]

  private static let waits = [
    SyscallSignature(.poll, 7, nil, .pollSet, .milliseconds(2)),
    SyscallSignature(.ppoll, 271, 73, .pollSet, .timespec(2)),
    SyscallSignature(.select, 23, nil, .selectSets, .timeval(4)),
    SyscallSignature(.pselect6, 270, 72, .selectSets, .timespec(4)),
    SyscallSignature(.epollWait, 232, nil, .argument(0), .milliseconds(3)),
    SyscallSignature(.epollPwait, 281, 22, .argument(0), .milliseconds(3)),
    SyscallSignature(.epollPwait2, 441, 441, .argument(0), .timespec(3)),
    SyscallSignature(.ioUringEnter, 426, 426, .argument(0), .ring),
  ]

  private static let locks = [
    SyscallSignature(.futex, 202, 98, .nothing, .futex),
    SyscallSignature(.futexWait, 455, 455, .nothing, .deadline(4)),
    SyscallSignature(.futexWaitv, 449, 449, .nothing, .deadline(3)),
    SyscallSignature(.flock, 73, 32, .argument(0), .never),
    SyscallSignature(.fcntl, 72, 25, .argument(0), .fileLock),
    SyscallSignature(.semop, 65, 193, .nothing, .never),
    SyscallSignature(.semtimedop, 220, 192, .nothing, .timespec(3)),
  ]

  private static let sleeps = [
    SyscallSignature(.wait4, 61, 260, .nothing, .never),
    SyscallSignature(.waitid, 247, 95, .nothing, .never),
    SyscallSignature(.nanosleep, 35, 101, .nothing, .timespec(0)),
    SyscallSignature(.clockNanosleep, 230, 115, .nothing, .clockSleep),
    SyscallSignature(.pause, 34, nil, .nothing, .never),
    SyscallSignature(.rtSigsuspend, 130, 133, .nothing, .never),
    SyscallSignature(.rtSigtimedwait, 128, 137, .nothing, .timespec(2)),
  ]

  /// A symbolic link's second path is the one that is made; the first is only text.
  private static let paths = [
    SyscallSignature.file(.open, 2, nil, path: 0), .file(.creat, 85, nil, path: 0),
    .file(.openat, 257, 56, at: 0), .file(.openat2, 437, 437, at: 0),
    .file(.stat, 4, nil, path: 0), .file(.lstat, 6, nil, path: 0),
    .file(.newfstatat, 262, 79, at: 0), .file(.statx, 332, 291, at: 0),
    .file(.statfs, 137, 43, path: 0), .file(.access, 21, nil, path: 0),
    .file(.faccessat, 269, 48, at: 0), .file(.faccessat2, 439, 439, at: 0),
    .file(.readlink, 89, nil, path: 0), .file(.readlinkat, 267, 78, at: 0),
    .file(.mkdir, 83, nil, path: 0), .file(.mkdirat, 258, 34, at: 0),
    .file(.rmdir, 84, nil, path: 0), .file(.unlink, 87, nil, path: 0),
    .file(.unlinkat, 263, 35, at: 0), .file(.rename, 82, nil, path: 0),
    .file(.renameat, 264, 38, at: 0), .file(.renameat2, 316, 276, at: 0),
    .file(.link, 86, nil, path: 0), .file(.linkat, 265, 37, at: 0),
    .file(.symlink, 88, nil, path: 1), .file(.symlinkat, 266, 36, at: 1),
    .file(.truncate, 76, 45, path: 0), .file(.chmod, 90, nil, path: 0),
    .file(.fchmodat, 268, 53, at: 0), .file(.chown, 92, nil, path: 0),
    .file(.lchown, 94, nil, path: 0), .file(.fchownat, 260, 54, at: 0),
    .file(.utimensat, 280, 88, at: 0), .file(.getxattr, 191, 8, path: 0),
    .file(.lgetxattr, 192, 9, path: 0), .file(.chdir, 80, 49, path: 0),
    .file(.execve, 59, 221, path: 0), .file(.execveat, 322, 281, at: 0),
  ]

  private static let files = [
    SyscallSignature(.fstat, 5, 80, .argument(0), .never),
    SyscallSignature(.fstatfs, 138, 44, .argument(0), .never),
    SyscallSignature(.getdents, 78, nil, .argument(0), .never),
    SyscallSignature(.getdents64, 217, 61, .argument(0), .never),
    SyscallSignature(.ftruncate, 77, 46, .argument(0), .never),
    SyscallSignature(.fallocate, 285, 47, .argument(0), .never),
    SyscallSignature(.copyFileRange, 326, 285, .transfer(from: 0, to: 2), .never),
    SyscallSignature(.fchmod, 91, 52, .argument(0), .never),
    SyscallSignature(.fchown, 93, 55, .argument(0), .never),
    SyscallSignature(.fgetxattr, 193, 10, .argument(0), .never),
    SyscallSignature(.fsync, 74, 82, .argument(0), .never),
    SyscallSignature(.fdatasync, 75, 83, .argument(0), .never),
    SyscallSignature(.syncFileRange, 277, 84, .argument(0), .never),
    SyscallSignature(.syncfs, 306, 267, .argument(0), .never),
    SyscallSignature(.sync, 162, 81, .nothing, .never),
    SyscallSignature(.msync, 26, 227, .nothing, .never),
  ]

  private static let others = [
    SyscallSignature(.msgrcv, 70, 188, .nothing, .never),
    SyscallSignature(.msgsnd, 69, 189, .nothing, .never),
    SyscallSignature(.close, 3, 57, .argument(0), .unknown),
    SyscallSignature(.restartSyscall, 219, 128, .nothing, .unknown),
  ]
}

/// A system call: how it is numbered, and what its arguments say of what it waits for.
struct SyscallSignature: Sendable {
  let name: CallName
  /// nil where the architecture does not have the call.
  let x86: Int32?
  let generic: Int32?
  let awaits: Awaits
  let ends: Ends
  /// nil for calls without a path.
  var path: PathPlace?

  /// Where the descriptors are.
  enum Awaits: Sendable {
    case nothing
    /// In this argument, in the direction that the kind of the call says.
    case argument(Int)
    /// In both, from the first to the second.
    case transfer(from: Int, to: Int)
    /// An array of `pollfd`, argument 0, with as many entries as argument 1 says.
    case pollSet
    /// Up to three bit sets, arguments 1 to 3, for descriptors below argument 0.
    case selectSets
  }

  /// Where the time-out is.
  enum Ends: Sendable {
    case unknown
    case never
    /// Milliseconds as a signed 32 bit number; below 0 means never.
    case milliseconds(Int)
    /// Points to seconds and nanoseconds; no pointer means never.
    case timespec(Int)
    /// Points to seconds and microseconds.
    case timeval(Int)
    /// Points to a moment, not to a duration.
    case deadline(Int)
    /// As its operation and flags decide.
    case futex, clockSleep, fileLock, ring
  }

  /// Where the pointer to a path is, and the descriptor of the folder that it begins at.
  struct PathPlace: Sendable {
    let pointer: Int
    let folder: Int?
  }

  init(_ name: CallName, _ x86: Int32?, _ generic: Int32?, _ awaits: Awaits, _ ends: Ends) {
    self.name = name
    self.x86 = x86
    self.generic = generic
    self.awaits = awaits
    self.ends = ends
  }

  /// A call of the file system, with the path in this argument.
  static func file(
    _ name: CallName, _ x86: Int32?, _ generic: Int32?, path: Int
  ) -> SyscallSignature {
    named(name, x86, generic, PathPlace(pointer: path, folder: nil))
  }

  /// A call of the file system whose path begins at the folder in the argument before it.
  static func file(
    _ name: CallName, _ x86: Int32?, _ generic: Int32?, at folder: Int
  ) -> SyscallSignature {
    named(name, x86, generic, PathPlace(pointer: folder + 1, folder: folder))
  }

  private static func named(
    _ name: CallName, _ x86: Int32?, _ generic: Int32?, _ path: PathPlace
  ) -> SyscallSignature {
    var signature = SyscallSignature(name, x86, generic, .nothing, .never)
    signature.path = path
    return signature
  }
}

/// The processor family of a host, which decides how system calls are numbered.
public enum Architecture: String, Sendable, Hashable, CaseIterable {
  /// Numbers calls as `asm/unistd_64.h` does.
  case x86 = "x86_64"
  /// Numbers calls as `asm-generic/unistd.h` does; riscv64 and loongarch64 do the same.
  case aarch64

  /// The one this program was built for; nil when we do not know its calls.
  public static var ours: Architecture? {
    #if arch(x86_64)
      .x86
    #elseif arch(arm64) || arch(riscv64)
      .aarch64
    #else
      nil
    #endif
  }

  /// What `uname -m` and `/proc/sys/kernel/arch` call it.
  public init?(machine: [UInt8]) {
    switch String(decoding: machine, as: UTF8.self) {
    case "x86_64": self = .x86
    case "aarch64", "riscv64", "loongarch64": self = .aarch64
    default: return nil
    }
  }

  /// Distributions end the kernel's release with it: `6.1.0-13-amd64`, `5.14.0-362.el9.aarch64`.
  init?(kernelRelease: [UInt8]) {
    let parts = kernelRelease.split { $0 == 45 || $0 == 46 }
    switch parts.last.map({ String(decoding: $0, as: UTF8.self) }) {
    case "amd64", "x86_64": self = .x86
    case "arm64", "aarch64": self = .aarch64
    default: return nil
    }
  }
}
