import CLinux
import Glibc
import ProcNet
import Testing

/// Real sockets of this process, found again through the live kernel.
@Suite("Sockets of this host from /proc/net", .serialized)
struct ProcSourceLiveTests {
  static let hasIPv6 = RealSocket.canOpen(AF_INET6, SOCK_STREAM)

  /// Asks again until the socket is as expected, since a listing is no snapshot and loopback
  /// delivers a moment later; gives the last look for the message when it never is.
  private func find(
    _ socket: borrowing RealSocket, _ netid: Netid, details: SocketQuery.Details = [],
    until isExpected: (Socket) -> Bool = { _ in true }
  ) throws -> Socket {
    let inode = socket.inode
    var last: Socket?
    for _ in 0..<200 {
      let query = SocketQuery(netids: NetidSet(netid), details: details)
      last = try Listed(LiveKernel(), query).sockets.first { $0.inode == inode } ?? last
      if let last, isExpected(last) { return last }
      usleep(10_000)
    }
    return try #require(last, "inode \(inode) is not in the listing")
  }

  @Test("a TCP listener, its client and the connection it accepted, IPv4")
  func tcp() throws { try checkTCP(AF_INET) }

  @Test(
    "a TCP listener, its client and the connection it accepted, IPv6",
    .enabled(if: hasIPv6, "this host has no IPv6"))
  func tcp6() throws { try checkTCP(AF_INET6) }

  private func checkTCP(_ family: Int32) throws {
    let listener = try RealSocket.bound(family, SOCK_STREAM)
    #expect(listen(listener.number, 5) == 0)
    let client = try RealSocket.connected(to: listener)
    let waiting = try find(listener, .tcp) { $0.queues.recvQ == 1 }
    #expect(waiting.queues.recvQ == 1)
    #expect(waiting.queues.sendQ == nil)
    #expect(waiting.state == .listen)
    #expect(waiting.local.port == listener.port)

    let accepted = RealSocket(
      number: accept4(listener.number, nil, nil, Int32(SOCK_CLOEXEC.rawValue)))
    #expect(send(client.number, "hello", 5, 0) == 5)
    let server = try find(accepted, .tcp) { $0.queues.recvQ == 5 }
    #expect(server.queues.recvQ == 5)
    #expect(server.queues.sendQ == 0)
    #expect(server.state == .established)
    #expect(server.family == (family == AF_INET ? .inet : .inet6))
    #expect(server.uid == getuid())
    #expect(server.local.address.isLoopback)

    let other = try find(client, .tcp)
    #expect(other.local == server.peer)
    #expect(other.peer == server.local)
    #expect(try find(listener, .tcp) { $0.queues.recvQ == 0 }.queues.recvQ == 0)
  }

  @Test("a UDP socket with unread datagrams, IPv4")
  func udp() throws { try checkUDP(AF_INET) }

  @Test(
    "a UDP socket with unread datagrams, IPv6", .enabled(if: hasIPv6, "this host has no IPv6"))
  func udp6() throws { try checkUDP(AF_INET6) }

  private func checkUDP(_ family: Int32) throws {
    let receiver = try RealSocket.bound(family, SOCK_DGRAM)
    let sender = try RealSocket.connected(to: receiver)
    #expect(send(sender.number, "hello", 5, 0) == 5)
    let socket = try find(receiver, .udp, details: .memory) { ($0.queues.recvQ ?? 0) > 0 }
    // The kernel counts the memory of the datagram here, not its five bytes.
    #expect((socket.queues.recvQ ?? 0) >= 5)
    #expect(socket.state == .close)
    #expect(socket.local.port == receiver.port)
    #expect(socket.details?.drops == 0)
    #expect(try find(sender, .udp).state == .established)
    #expect(try find(sender, .udp).peer == socket.local)
  }

  @Test("a unix listener with a space and a newline in its path")
  func unixStream() throws {
    let path = "/tmp/procnet \(getpid())\nlistener"
    defer { unlink(path) }
    let listener = try RealSocket.bound(toPath: Array(path.utf8))
    #expect(listen(listener.number, 5) == 0)
    let socket = try find(listener, .unixStream)
    #expect(socket.path == Array(path.utf8))
    #expect(socket.state == .listen)
    #expect(socket.queues.recvQ == 0)
    #expect(socket.queues.sendQ == nil)
  }

  @Test("an abstract name begins with a zero byte")
  func unixAbstract() throws {
    let name = [0] + Array("procnet-\(getpid())".utf8)
    let bound = try RealSocket.bound(toPath: name)
    let socket = try find(bound, .unixStream)
    #expect(socket.path == name)
    #expect(socket.state == .close)
  }

  @Test("a connected pair without names")
  func unixPair() throws {
    var numbers: [Int32] = [-1, -1]
    #expect(
      socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &numbers) == 0)
    let one = RealSocket(number: numbers[0])
    let other = RealSocket(number: numbers[1])
    for socket in [try find(one, .unixDatagram), try find(other, .unixDatagram)] {
      #expect(socket.path == nil)
      #expect(socket.state == .established)
    }
  }

  @Test(
    "a raw socket has its protocol as port",
    .enabled(if: RealSocket.canOpen(AF_INET, SOCK_RAW), "raw sockets need CAP_NET_RAW"))
  func raw() throws {
    let opened = try RealSocket.opened(AF_INET, SOCK_RAW, Int32(IPPROTO_ICMP))
    #expect(try find(opened, .raw).local.port == 1)
  }

  @Test(
    "a packet socket",
    .enabled(if: RealSocket.canOpen(AF_PACKET, SOCK_RAW), "packet sockets need CAP_NET_RAW"))
  func packet() throws {
    let everything = Int32(UInt16(3).bigEndian)  // ETH_P_ALL
    let opened = try RealSocket.opened(AF_PACKET, SOCK_RAW, everything)
    let socket = try find(opened, .packetRaw)
    #expect(socket.packetProtocol == 3)
    #expect(socket.interface == 0)
  }
}
