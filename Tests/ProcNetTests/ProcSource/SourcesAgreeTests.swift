import CLinux
import Glibc
import ProcNet
import Testing

/// What both sources know of a socket, they tell alike.
@Suite("/proc/net and sock_diag agree", .serialized)
struct SourcesAgreeTests {
  /// What is told of the sockets with these inodes, in the source's order, without what only
  /// sock_diag can know and without times, which go on between two listings.
  private func facts(_ source: some SocketSource, of inodes: Set<UInt32>) throws -> [String] {
    var facts: [String] = []
    var gaps: [Gap] = []
    let query = SocketQuery(netids: [.tcp, .udp, .unix], details: .memory)
    try source.list(query, through: LiveKernel(), gaps: &gaps) { socket in
      if inodes.contains(socket.inode) { facts.append(Self.fact(copy socket)) }
    }
    return facts
  }

  private static func fact(_ full: Socket) -> String {
    var socket = full
    socket.cookie = nil
    socket.isV6Only = nil
    socket.timer?.expires = 0
    if socket.netid != .tcp { socket.timer = nil }
    if case .accept(let waiting, _) = socket.queues {
      socket.queues = .accept(waiting: waiting, limit: nil)
    }
    let drops = socket.netid == .udp ? socket.details?.drops : nil
    socket.details = nil
    if socket.netid.isUnix { forgetWhatTheFileLacks(&socket) }
    return "\(socket) drops \(drops.map(String.init) ?? "-")"
  }

  private static func forgetWhatTheFileLacks(_ socket: inout Socket) {
    socket.uid = nil
    socket.peerInode = nil
    socket.queues = SocketQueues(of: socket.state, nil, nil)
    socket.path = socket.path.map { path in
      path.prefix(1) + path.dropFirst().map { $0 == 0 ? UInt8(ascii: "@") : $0 }
    }
  }

  /// Both sources' facts, asked for again until they agree or time is up: bytes may be under way
  /// between the two listings.
  private func check(_ inodes: Set<UInt32>) throws {
    var told: ([String], [String]) = ([], [])
    for _ in 0..<100 {
      told = (try facts(ProcSource(), of: inodes), try facts(DiagSource(), of: inodes))
      if told.0.sorted() == told.1.sorted() { break }
      usleep(10_000)
    }
    #expect(told.0.sorted() == told.1.sorted())
    #expect(told.0.count == inodes.count)
  }

  @Test("TCP: a listener, a client, an accepted connection with unread bytes")
  func tcp() throws {
    let listener = try RealSocket.bound(AF_INET, SOCK_STREAM)
    #expect(listen(listener.number, 5) == 0)
    let client = try RealSocket.connected(to: listener)
    let accepted = RealSocket(
      number: accept4(listener.number, nil, nil, Int32(SOCK_CLOEXEC.rawValue)))
    let waiting = try RealSocket.connected(to: listener)
    #expect(send(client.number, "hello", 5, 0) == 5)
    try check([listener.inode, client.inode, accepted.inode, waiting.inode])
  }

  @Test("UDP: a receiver that drops, a sender")
  func udp() throws {
    let receiver = try RealSocket.bound(AF_INET, SOCK_DGRAM)
    var small: Int32 = 1
    setsockopt(receiver.number, SOL_SOCKET, SO_RCVBUF, &small, 4)
    let sender = try RealSocket.connected(to: receiver)
    for _ in 0..<20 { send(sender.number, [UInt8](repeating: 0, count: 500), 500, 0) }
    try check([receiver.inode, sender.inode])
  }

  @Test("unix: an abstract name, a path with a newline, a listener")
  func unix() throws {
    let path = "/tmp/agree \(getpid())\n"
    defer { unlink(path) }
    let named = try RealSocket.bound(toPath: Array(path.utf8))
    let abstract = try RealSocket.bound(toPath: [0] + Array("agree\0\(getpid())".utf8))
    #expect(listen(abstract.number, 5) == 0)
    try check([named.inode, abstract.inode])
  }
}
