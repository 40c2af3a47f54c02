import Glibc

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
