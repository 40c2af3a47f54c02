import Glibc

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

/// Lines of a /proc table, split at spaces.
enum ProcTable {
  /// The rows with a word in them; none when the table cannot be read.
  ///
  /// A busy host's table has tens of thousands of rows and a scenario reads it again and
  /// again, so the C library searches, and only what it finds is taken apart.
  static func rows(of path: String, with word: String) -> [[Substring.UTF8View]] {
    guard let bytes = SmallFile.bytes(path) else { return [] }
    return lines(of: bytes + [0], with: word).map { $0.utf8.split(separator: UInt8(ascii: " ")) }
  }

  /// `bytes` end with a NUL.
  static func lines(of bytes: [UInt8], with word: String) -> [Substring] {
    var lines: [Substring] = []
    var place = 0
    while let found = position(of: word, in: bytes, from: place) {
      let begin = bytes[..<found].lastIndex(of: newline).map { $0 + 1 } ?? 0
      let end = bytes[found...].firstIndex(of: newline) ?? bytes.count - 1
      lines.append(Substring(String(decoding: bytes[begin..<end], as: UTF8.self)))
      place = end
    }
    return lines
  }

  private static let newline = UInt8(ascii: "\n")

  private static func position(of word: String, in bytes: [UInt8], from place: Int) -> Int? {
    unsafe bytes.withUnsafeBytes { buffer -> Int? in
      guard let base = unsafe buffer.bindMemory(to: CChar.self).baseAddress else { return nil }
      return unsafe strstr(base + place, word).map { unsafe UnsafePointer($0) - base }
    }
  }

  /// How a port is written in the tables, `:2328` for 9000.
  static func port(_ number: Int) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return ":" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  static func number(_ field: Substring.UTF8View, radix: Int = 10) -> Int? {
    Int(String(Substring(field)), radix: radix)
  }
}

/// A row of /proc/net/tcp: one connection or listener of the harness's network namespace.
struct TCPRow {
  /// TCP_ESTABLISHED and so on of linux/tcp_states.h.
  enum State: Int {
    case established = 1
    case synSent, synReceived, finWait1, finWait2, timeWait, close, closeWait, lastAck, listen
  }

  let localPort, peerPort: Int
  let state: State
  /// Of a listener: connections that wait to be accepted.
  let receiveQueue: Int
  let sendQueue: Int
  /// 0 when no program holds it.
  let inode: Int

  /// `sl local rem st tx:rx tr:when retrnsmt uid timeout inode …`
  init?(_ fields: [Substring.UTF8View]) {
    guard fields.count > 9, let local = Self.port(fields[1]), let peer = Self.port(fields[2]),
      let state = ProcTable.number(fields[3], radix: 16).flatMap(State.init),
      let (send, receive) = Self.queues(fields[4]), let inode = ProcTable.number(fields[9])
    else { return nil }
    (localPort, peerPort, self.state, self.inode) = (local, peer, state, inode)
    (sendQueue, receiveQueue) = (send, receive)
  }

  /// Rows with the port at either end.
  static func rows(port: Int) -> [TCPRow] {
    ProcTable.rows(of: "/proc/self/net/tcp", with: ProcTable.port(port)).compactMap(TCPRow.init)
      .filter { $0.localPort == port || $0.peerPort == port }
  }

  /// Listeners at the port, recognised by what follows it: no peer, state 0A.
  static func listeners(port: Int) -> [TCPRow] {
    let word = "\(ProcTable.port(port)) 00000000:0000 0A"
    return ProcTable.rows(of: "/proc/self/net/tcp", with: word).compactMap(TCPRow.init)
  }

  /// `0100007F:2328` is 127.0.0.1 port 9000.
  private static func port(_ field: Substring.UTF8View) -> Int? {
    field.split(separator: UInt8(ascii: ":")).last.flatMap { ProcTable.number($0, radix: 16) }
  }

  private static func queues(_ field: Substring.UTF8View) -> (Int, Int)? {
    let parts = field.split(separator: UInt8(ascii: ":"))
    guard parts.count == 2, let send = ProcTable.number(parts[0], radix: 16),
      let receive = ProcTable.number(parts[1], radix: 16)
    else { return nil }
    return (send, receive)
  }
}

/// Other tables that scenarios read.
enum HostTables {
  /// Datagrams dropped at the UDP socket with this port: the last column of /proc/net/udp.
  static func udpDrops(port: Int) -> Int? {
    let rows = ProcTable.rows(of: "/proc/self/net/udp", with: ProcTable.port(port))
    let row = rows.first { row in
      row.count > 12
        && row[1].split(separator: UInt8(ascii: ":")).last
          .flatMap { ProcTable.number($0, radix: 16) } == port
    }
    return row?.last.flatMap { ProcTable.number($0) }
  }

  /// Connections at a unix listener that wait to be accepted: rows of /proc/net/unix with the
  /// listener's path, in state 02 (connecting) and without an inode.
  static func unixPending(path: String) -> Int {
    ProcTable.rows(of: "/proc/self/net/unix", with: path).count { row in
      row.count > 7 && Substring(row[7]) == path && Substring(row[6]) == "0"
        && Substring(row[5]) == "02"
    }
  }

  /// A counter of the harness's network namespace in /proc/net/netstat, `SyncookiesSent` say; 0
  /// when this kernel does not have it.
  static func counter(_ name: String) -> Int {
    let text = SmallFile.text("/proc/self/net/netstat") ?? ""
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("TcpExt:") }
    guard lines.count == 2 else { return 0 }
    let (names, values) = (lines[0].split(separator: " "), lines[1].split(separator: " "))
    guard let index = names.firstIndex(of: Substring(name)), index < values.count else { return 0 }
    return Int(values[index]) ?? 0
  }
}
