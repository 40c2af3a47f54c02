/// What /proc says about a process of the scenario.
struct ProcessView: Sendable {
  let pid: Int32

  /// Fields of /proc/<pid>/stat behind the name: the state letter comes first.
  private var fields: [Substring] {
    guard let text = SmallFile.text("/proc/\(pid)/stat"),
      let end = text.utf8.lastIndex(of: UInt8(ascii: ")"))
    else { return [] }
    return text[text.index(after: end)...].split(separator: " ")
  }

  /// R running, S sleeping, T stopped, Z ended but not waited for; nil when there is no such
  /// process.
  var state: Substring? { fields.first }
  var exists: Bool { state != nil && state != "Z" }

  /// Processor time so far, in clock ticks (usually 10 ms).
  var ticks: Int {
    let fields = fields
    guard fields.count > 12 else { return 0 }
    return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
  }

  var threads: [String] { SmallFile.names(in: "/proc/\(pid)/task") ?? [] }
  var descriptorCount: Int { SmallFile.names(in: "/proc/\(pid)/fd")?.count ?? 0 }

  /// Whether it has a file open.
  func hasOpen(_ path: String) -> Bool {
    let descriptors = SmallFile.names(in: "/proc/\(pid)/fd") ?? []
    return descriptors.contains { SmallFile.target(of: "/proc/\(pid)/fd/\($0)") == path }
  }

  /// Its children, theirs and so on.
  var descendants: [ProcessView] { children.flatMap { [$0] + $0.descendants } }

  var children: [ProcessView] {
    threads.flatMap { thread in
      let text = SmallFile.text("/proc/\(pid)/task/\(thread)/children") ?? ""
      return text.split(separator: " ").compactMap { Int32($0) }.map(ProcessView.init)
    }
  }

  /// Threads that sleep in such a call. Where the kernel does not say (ptrace forbidden),
  /// those that sleep at all.
  func threads(in call: BlockingCall) -> Int {
    threads.count { thread in
      guard let line = SmallFile.text("/proc/\(pid)/task/\(thread)/syscall") else {
        return state == "S"
      }
      let number = line.split(separator: " ").first.flatMap { Int($0) }
      return number.map(call.numbers.contains) ?? false
    }
  }

  func isIn(_ call: BlockingCall) -> Bool { threads(in: call) > 0 }
}

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
