/// The system calls in which threads sleep, with their numbers on each architecture.
///
/// The numbers are those of `asm/unistd_64.h` (x86-64) and `asm-generic/unistd.h` (aarch64), which
/// never change. A program of another kind (32 bit on a 64 bit kernel) has other numbers.
public enum CallTable {
  /// What a number means; nil for calls that mean nothing to us.
  public static func name(of number: Int32, on architecture: Architecture) -> CallName? {
    shape(of: number, on: architecture)?.name
  }

  /// The number of a call; nil where the architecture does not have it.
  public static func number(of name: CallName, on architecture: Architecture) -> Int32? {
    shape(named: name).flatMap { number($0, architecture) }
  }

  static func shape(named name: CallName) -> CallShape? { named[name] }

  static func shape(of number: Int32, on architecture: Architecture) -> CallShape? {
    switch architecture {
    case .x86: x86[number]
    case .aarch64: generic[number]
    }
  }

  private static func number(_ shape: CallShape, _ architecture: Architecture) -> Int32? {
    architecture == .x86 ? shape.x86 : shape.generic
  }

  private static let named = Dictionary(
    shapes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  private static let x86 = table(\.x86)
  private static let generic = table(\.generic)

  private static func table(_ number: (CallShape) -> Int32?) -> [Int32: CallShape] {
    var table: [Int32: CallShape] = [:]
    for shape in shapes {
      if let number = number(shape) { table[number] = shape }
    }
    return table
  }

  private static let shapes = transfers + waits + locks + sleeps + paths + files + others

  /// A time-out set on the socket would end these; it does not show.
  private static let transfers = [
    CallShape(.read, 0, 63, .argument(0), .unknown),
    CallShape(.readv, 19, 65, .argument(0), .unknown),
    CallShape(.pread64, 17, 67, .argument(0), .unknown),
    CallShape(.preadv, 295, 69, .argument(0), .unknown),
    CallShape(.preadv2, 327, 286, .argument(0), .unknown),
    CallShape(.recvfrom, 45, 207, .argument(0), .unknown),
    CallShape(.recvmsg, 47, 212, .argument(0), .unknown),
    CallShape(.recvmmsg, 299, 243, .argument(0), .unknown),
    CallShape(.write, 1, 64, .argument(0), .unknown),
    CallShape(.writev, 20, 66, .argument(0), .unknown),
    CallShape(.pwrite64, 18, 68, .argument(0), .unknown),
    CallShape(.pwritev, 296, 70, .argument(0), .unknown),
    CallShape(.pwritev2, 328, 287, .argument(0), .unknown),
    CallShape(.sendto, 44, 206, .argument(0), .unknown),
    CallShape(.sendmsg, 46, 211, .argument(0), .unknown),
    CallShape(.sendmmsg, 307, 269, .argument(0), .unknown),
    CallShape(.sendfile, 40, 71, .transfer(from: 1, to: 0), .unknown),
    CallShape(.splice, 275, 76, .transfer(from: 0, to: 2), .unknown),
    CallShape(.accept, 43, 202, .argument(0), .unknown),
    CallShape(.accept4, 288, 242, .argument(0), .unknown),
    CallShape(.connect, 42, 203, .argument(0), .unknown),
  ]

  private static let waits = [
    CallShape(.poll, 7, nil, .pollSet, .milliseconds(2)),
    CallShape(.ppoll, 271, 73, .pollSet, .timespec(2)),
    CallShape(.select, 23, nil, .selectSets, .timeval(4)),
    CallShape(.pselect6, 270, 72, .selectSets, .timespec(4)),
    CallShape(.epollWait, 232, nil, .argument(0), .milliseconds(3)),
    CallShape(.epollPwait, 281, 22, .argument(0), .milliseconds(3)),
    CallShape(.epollPwait2, 441, 441, .argument(0), .timespec(3)),
    CallShape(.ioUringEnter, 426, 426, .argument(0), .ring),
  ]

  private static let locks = [
    CallShape(.futex, 202, 98, .nothing, .futex),
    CallShape(.futexWait, 455, 455, .nothing, .deadline(4)),
    CallShape(.futexWaitv, 449, 449, .nothing, .deadline(3)),
    CallShape(.flock, 73, 32, .argument(0), .never),
    CallShape(.fcntl, 72, 25, .argument(0), .fileLock),
    CallShape(.semop, 65, 193, .nothing, .never),
    CallShape(.semtimedop, 220, 192, .nothing, .timespec(3)),
  ]

  private static let sleeps = [
    CallShape(.wait4, 61, 260, .nothing, .never),
    CallShape(.waitid, 247, 95, .nothing, .never),
    CallShape(.nanosleep, 35, 101, .nothing, .timespec(0)),
    CallShape(.clockNanosleep, 230, 115, .nothing, .clockSleep),
    CallShape(.pause, 34, nil, .nothing, .never),
    CallShape(.rtSigsuspend, 130, 133, .nothing, .never),
    CallShape(.rtSigtimedwait, 128, 137, .nothing, .timespec(2)),
  ]

  /// A symbolic link's second path is the one that is made; the first is only text.
  private static let paths = [
    CallShape.file(.open, 2, nil, path: 0), .file(.creat, 85, nil, path: 0),
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
    CallShape(.fstat, 5, 80, .argument(0), .never),
    CallShape(.fstatfs, 138, 44, .argument(0), .never),
    CallShape(.getdents, 78, nil, .argument(0), .never),
    CallShape(.getdents64, 217, 61, .argument(0), .never),
    CallShape(.ftruncate, 77, 46, .argument(0), .never),
    CallShape(.fallocate, 285, 47, .argument(0), .never),
    CallShape(.copyFileRange, 326, 285, .transfer(from: 0, to: 2), .never),
    CallShape(.fchmod, 91, 52, .argument(0), .never),
    CallShape(.fchown, 93, 55, .argument(0), .never),
    CallShape(.fgetxattr, 193, 10, .argument(0), .never),
    CallShape(.fsync, 74, 82, .argument(0), .never),
    CallShape(.fdatasync, 75, 83, .argument(0), .never),
    CallShape(.syncFileRange, 277, 84, .argument(0), .never),
    CallShape(.syncfs, 306, 267, .argument(0), .never),
    CallShape(.sync, 162, 81, .nothing, .never),
    CallShape(.msync, 26, 227, .nothing, .never),
  ]

  private static let others = [
    CallShape(.msgrcv, 70, 188, .nothing, .never),
    CallShape(.msgsnd, 69, 189, .nothing, .never),
    CallShape(.close, 3, 57, .argument(0), .unknown),
    CallShape(.restartSyscall, 219, 128, .nothing, .unknown),
  ]
}
