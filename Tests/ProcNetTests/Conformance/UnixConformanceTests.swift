import Glibc
import ProcNet
import TestSupport
import Testing

/// Real unix and packet sockets, listed in each way.
@Suite("Every way of listing tells the same of unix and packet sockets", .serialized)
struct UnixConformanceTests {
  private let open = OpenSockets()
  /// Another one for each test: an abstract name is taken for as long as a child process that is
  /// being started elsewhere still has our descriptors.
  private let number = Int.random(in: 0..<1 << 40)

  /// Where this test's sockets are, with a space in it.
  private func path(_ name: String) -> [UInt8] {
    Array("/tmp/sockinspect \(getpid()) \(number) \(name)".utf8)
  }

  private func only(_ sockets: [Socket]) throws -> Socket {
    try #require(sockets.count == 1, "\(sockets.count) rows of one socket")
    return sockets[0]
  }

  @Test(
    "a stream listener on a path with a space, and a client that waits",
    arguments: ListingWay.allCases)
  func listener(way: ListingWay) throws {
    defer { open.close() }
    let path = self.path("listener")
    let listener = try open.unixListener(SOCK_STREAM, path, limit: 3)
    let client = try open.unixClient(SOCK_STREAM, to: path)
    let sockets = try way.sockets()

    let row = try only(sockets.of(listener))
    #expect(row.netid == .unixStream)
    #expect(row.family == .unix)
    #expect(row.state == .listen)
    #expect(row.path == path)
    #expect(row.queues.recvQ == 1)
    #expect(row.queues.sendQ == (way.knowsAll ? 3 : nil))
    #expect(row.uid == (way.knowsAll ? getuid() : nil))
    #expect(row.details?.waiting == (way.knowsAll ? [OpenSockets.inode(of: client)] : nil))

    let waiting = try only(sockets.of(client))
    #expect(waiting.state == .established)
    #expect(waiting.path == nil)
    // The other end is there, but no descriptor holds it.
    #expect(waiting.peerInode == (way.knowsAll ? 0 : nil))
  }

  @Test(
    "an accepted connection and its client are each other's ends", arguments: ListingWay.allCases)
  func accepted(way: ListingWay) throws {
    defer { open.close() }
    let name = [0] + path("accepting")
    let listener = try open.unixListener(SOCK_SEQPACKET, name, limit: 3)
    let client = try open.unixClient(SOCK_SEQPACKET, to: name)
    let accepted = try open.accepted(from: listener)
    let sockets = try way.sockets()
    for (socket, other, path) in [(client, accepted, nil), (accepted, client, name)] {
      let row = try only(sockets.of(socket))
      #expect(row.netid == .unixSeqpacket)
      #expect(row.state == .established)
      #expect(row.path == path)
      #expect(row.peerInode == (way.knowsAll ? OpenSockets.inode(of: other) : nil))
    }
    #expect(try only(sockets.of(listener)).queues.recvQ == 0)
  }

  @Test(
    "each type, on a path with a space and on an abstract name", arguments: ListingWay.allCases)
  func bound(way: ListingWay) throws {
    defer { open.close() }
    let types: [(__socket_type, Netid)] = [
      (SOCK_STREAM, .unixStream), (SOCK_DGRAM, .unixDatagram), (SOCK_SEQPACKET, .unixSeqpacket),
    ]
    var expected: [(socket: Int32, netid: Netid, path: [UInt8])] = []
    for (type, netid) in types {
      for path in [self.path(netid.name), [0] + self.path(netid.name)] {
        expected.append((try open.unix(type, path), netid, path))
      }
    }
    let sockets = try way.sockets()
    for (socket, netid, path) in expected {
      let row = try only(sockets.of(socket))
      #expect(row.netid == netid)
      #expect(row.state == .close)
      #expect(row.path == path)
      #expect(row.peerInode == nil)
    }
  }

  @Test("a pair without names, with a datagram unread at one end", arguments: ListingWay.allCases)
  func pair(way: ListingWay) throws {
    defer { open.close() }
    let (one, other) = try open.pair(SOCK_DGRAM)
    try open.write("hello", to: one)
    let sockets = try way.sockets()
    for (socket, peer, unread) in [(one, other, UInt32(0)), (other, one, 5)] {
      let row = try only(sockets.of(socket))
      #expect(row.netid == .unixDatagram)
      #expect(row.state == .established)
      #expect(row.path == nil)
      #expect(row.peerInode == (way.knowsAll ? OpenSockets.inode(of: peer) : nil))
      #expect(row.queues.recvQ == (way.knowsAll ? unread : nil))
    }
  }

  @Test(
    "packet sockets of both kinds, with their protocol",
    .enabled(if: OpenSockets.canOpen(AF_PACKET, SOCK_RAW), "packet sockets need CAP_NET_RAW"),
    arguments: ListingWay.allCases)
  func packet(way: ListingWay) throws {
    defer { open.close() }
    // ETH_P_ALL and an experimental number, in network order.
    let raw = try open.open(AF_PACKET, SOCK_RAW, Int32(UInt16(3).bigEndian))
    let datagram = try open.open(AF_PACKET, SOCK_DGRAM, Int32(UInt16(0x88B5).bigEndian))
    let sockets = try way.sockets()
    for (socket, netid, number) in [
      (raw, Netid.packetRaw, UInt16(3)), (datagram, .packetDatagram, 0x88B5),
    ] {
      let row = try only(sockets.of(socket))
      #expect(row.netid == netid)
      #expect(row.family == .packet)
      #expect(row.state == .close)
      #expect(row.packetProtocol == number)
      #expect(row.interface == 0)
      #expect(row.uid == getuid())
    }
  }
}
