/// The system calls that the threads of a scenario get stuck in.
enum BlockingCall {
  case receive, send, connect, accept, lock, futex, open, sleep, waitChild, poll

  /// Their numbers, which differ from one processor architecture to the next.
  var numbers: Set<Int> {
    #if arch(x86_64)
      switch self {
      case .receive: [0, 45, 47]  // read, recvfrom, recvmsg
      case .send: [1, 20, 44, 46]  // write, writev, sendto, sendmsg
      case .connect: [42]
      case .accept: [43, 288]  // accept, accept4
      case .lock: [73, 202, 72]  // flock, futex, fcntl
      case .futex: [202]
      case .open: [2, 257, 437]  // open, openat, openat2
      case .sleep: [34, 35, 230]  // pause, nanosleep, clock_nanosleep
      case .waitChild: [61, 247]  // wait4, waitid
      case .poll: [7, 23, 232, 270, 271, 281]  // poll, select, epoll_wait and their p variants
      }
    #else  // The table of asm-generic/unistd.h: aarch64, riscv64 and all later ones.
      switch self {
      case .receive: [63, 207, 212]
      case .send: [64, 66, 206, 211]
      case .connect: [203]
      case .accept: [202, 242]
      case .lock: [32, 98, 25]
      case .futex: [98]
      case .open: [56, 437]
      case .sleep: [101, 115, 133]  // nanosleep, clock_nanosleep, rt_sigsuspend
      case .waitChild: [95, 260]
      case .poll: [22, 72, 73]
      }
    #endif
  }
}
