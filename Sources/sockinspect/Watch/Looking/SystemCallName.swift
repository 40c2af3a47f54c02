import ProcNet

/// The names of the system calls that servers are found waiting in.
enum SystemCallName {
  private struct Call {
    let name: String
    /// Whether its first argument is a descriptor.
    let hasDescriptor: Bool

    static func of(_ name: String) -> Call { Call(name: name, hasDescriptor: false) }
    static func on(_ name: String) -> Call { Call(name: name, hasDescriptor: true) }
  }

  /// Each architecture has numbers of its own.
  #if arch(x86_64)
    private static let calls: [Int32: Call] = [
      0: .on("read"), 1: .on("write"), 7: .of("poll"), 17: .on("pread64"), 18: .on("pwrite64"),
      19: .on("readv"), 20: .on("writev"), 23: .of("select"), 34: .of("pause"),
      35: .of("nanosleep"), 42: .on("connect"), 43: .on("accept"), 44: .on("sendto"),
      45: .on("recvfrom"), 46: .on("sendmsg"), 47: .on("recvmsg"), 61: .of("wait4"),
      65: .of("semop"), 72: .on("fcntl"), 73: .on("flock"), 74: .on("fsync"),
      128: .of("rt_sigtimedwait"), 202: .of("futex"), 220: .of("semtimedop"),
      230: .of("clock_nanosleep"), 232: .on("epoll_wait"), 247: .of("waitid"),
      270: .of("pselect6"), 271: .of("ppoll"), 281: .on("epoll_pwait"), 288: .on("accept4"),
      299: .on("recvmmsg"), 307: .on("sendmmsg"), 426: .on("io_uring_enter"),
      441: .on("epoll_pwait2"),
    ]
  #else
    private static let calls: [Int32: Call] = [
      22: .on("epoll_pwait"), 25: .on("fcntl"), 32: .on("flock"), 63: .on("read"),
      64: .on("write"), 65: .on("readv"), 66: .on("writev"), 67: .on("pread64"),
      68: .on("pwrite64"), 72: .of("pselect6"), 73: .of("ppoll"), 82: .on("fsync"),
      95: .of("waitid"), 98: .of("futex"), 101: .of("nanosleep"), 115: .of("clock_nanosleep"),
      137: .of("rt_sigtimedwait"), 192: .of("semtimedop"), 193: .of("semop"),
      202: .on("accept"), 203: .on("connect"), 206: .on("sendto"), 207: .on("recvfrom"),
      211: .on("sendmsg"), 212: .on("recvmsg"), 242: .on("accept4"), 243: .on("recvmmsg"),
      260: .of("wait4"), 269: .on("sendmmsg"), 426: .on("io_uring_enter"),
      441: .on("epoll_pwait2"),
    ]
  #endif

  /// `recvfrom`, or `call 999`.
  static func text(of number: Int32) -> String { calls[number]?.name ?? "call \(number)" }

  /// The descriptor that a call is about; nil when it is about none.
  static func descriptor(of call: ProcSyscall?) -> Int32? {
    guard case .call(let number, let arguments)? = call, calls[number]?.hasDescriptor == true,
      let first = arguments.first
    else { return nil }
    // The registers hold 64 bits, of which the call looks at 32.
    return Int32(truncatingIfNeeded: first)
  }
}
