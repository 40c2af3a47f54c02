import TestSupport
import Testing

@testable import ProcNet

@Suite("The other end of a connection") struct PeerIndexTests {
  private static func endpoint(_ address: IPAddress, _ port: UInt16) -> Endpoint {
    Endpoint(address: address, port: port)
  }

  private static func socket(
    _ local: Endpoint, _ peer: Endpoint, inode: UInt32, netid: Netid = .tcp, namespace: UInt32 = 1
  ) -> Socket {
    let family: AddressFamily = local.address.isIPv6 ? .inet6 : .inet
    var socket = Socket(netid: netid, family: family, state: .established)
    socket.local = local
    socket.peer = peer
    socket.inode = inode
    socket.namespace = namespace
    return socket
  }

  private static func unix(_ inode: UInt32, peer: UInt32?, _ netid: Netid = .unixStream) -> Socket {
    var socket = Socket(netid: netid, family: .unix, state: .established)
    socket.inode = inode
    socket.peerInode = peer
    return socket
  }

  private func index(_ sockets: [Socket], spansNamespaces: Bool = true) -> PeerIndex {
    var index = PeerIndex(spansNamespaces: spansNamespaces)
    for socket in sockets { index.insert(socket) }
    return index
  }

  private static let here = IPAddress(v4: 0x0A00_0001)
  private static let there = IPAddress(v4: 0x0A00_0002)
  private static let loopback = IPAddress(v4: 0x7F00_0001)

  /// One end of a connection, as a dictionary's key.
  private struct Key: Hashable {
    var netid: Netid
    var local: Endpoint
    var peer: Endpoint
  }

  @Test("answers as a dictionary of reversed pairs would", arguments: SeededRandom.seeds(10))
  func likeDictionary(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let sockets = (1...5000).map { Self.random(inode: UInt32($0), &random) }
    let index = index(sockets)
    let known = Dictionary(grouping: sockets.filter { $0.peer.port != 0 }) {
      Self.key($0, $0.local, $0.peer)
    }
    for socket in sockets {
      let others = known[Self.key(socket, socket.peer, socket.local)] ?? []
      let near = others.filter { $0.namespace == socket.namespace }
      let meant = near.isEmpty && !Self.stays(socket) ? others : near
      let expected = socket.peer.port != 0 && meant.count == 1 ? meant.first?.inode : nil
      #expect(index.inode(oppositeTo: socket) == expected, "SEED=\(seed) \(socket)")
    }
  }

  /// Few addresses and ports, so that many sockets have another end.
  private static func random(inode: UInt32, _ random: inout SeededRandom) -> Socket {
    let addresses = [
      here, there, loopback, IPAddress(v6High: 0, low: 0xFFFF_0A00_0001),
      IPAddress(v6High: 0x2001_0DB8 << 32, low: 1), IPAddress(v6High: 0, low: 1),
    ]
    func end() -> Endpoint {
      endpoint(
        addresses.randomElement(using: &random) ?? here, UInt16.random(in: 0...9, using: &random))
    }
    return socket(
      end(), end(), inode: inode, netid: Bool.random(using: &random) ? .tcp : .udp,
      namespace: UInt32.random(in: 1...3, using: &random))
  }

  /// IPv4 is IPv4 however it is written.
  private static func key(_ socket: Socket, _ local: Endpoint, _ peer: Endpoint) -> Key {
    Key(
      netid: socket.netid, local: endpoint(local.address.unmapped, local.port),
      peer: endpoint(peer.address.unmapped, peer.port))
  }

  /// Such a connection cannot leave its namespace.
  private static func stays(_ socket: Socket) -> Bool {
    let (one, other) = (socket.local.address.unmapped, socket.peer.address.unmapped)
    return one.isLoopback || other.isLoopback || one == other
  }

  @Test("an IPv4 client's other end is the mapped connection of a dual-stack server")
  func mapped() {
    let client = Self.socket(
      Self.endpoint(Self.loopback, 40000), Self.endpoint(Self.loopback, 80), inode: 1)
    let mapped = IPAddress(v6High: 0, low: 0xFFFF_7F00_0001)
    let server = Self.socket(
      Self.endpoint(mapped, 80), Self.endpoint(mapped, 40000), inode: 2)
    let index = index([client, server])
    #expect(index.inode(oppositeTo: client) == 2)
    #expect(index.inode(oppositeTo: server) == 1)
  }

  @Test("connections between namespaces are found, loopback ones only within their own")
  func namespaces() {
    let (client, server) = (Self.endpoint(Self.here, 40000), Self.endpoint(Self.there, 80))
    let crossing = [
      Self.socket(client, server, inode: 1, namespace: 1),
      Self.socket(server, client, inode: 2, namespace: 2),
    ]
    #expect(index(crossing).inode(oppositeTo: crossing[0]) == 2)

    let (near, far) = (Self.endpoint(Self.loopback, 40000), Self.endpoint(Self.loopback, 80))
    let alike = (UInt32(1)...3).flatMap { namespace in
      [
        Self.socket(near, far, inode: namespace * 10, namespace: namespace),
        Self.socket(far, near, inode: namespace * 10 + 1, namespace: namespace),
      ]
    }
    for socket in alike {
      #expect(index(alike).inode(oppositeTo: socket) == socket.inode ^ 1)
    }
  }

  @Test("of the same connection in two namespaces each end belongs to its own")
  func sameTwice() {
    let (client, server) = (Self.endpoint(Self.here, 40000), Self.endpoint(Self.there, 80))
    let both = (UInt32(1)...2).flatMap { namespace in
      [
        Self.socket(client, server, inode: namespace * 10, namespace: namespace),
        Self.socket(server, client, inode: namespace * 10 + 1, namespace: namespace),
      ]
    }
    for socket in both { #expect(index(both).inode(oppositeTo: socket) == socket.inode ^ 1) }
    // Where one end is not held, the one of the other namespace is not it.
    var queued = both
    queued[1].inode = 0
    #expect(index(queued).inode(oppositeTo: queued[0]) == nil)
    // From a third namespace it could be either.
    let third = Self.socket(client, server, inode: 30, namespace: 3)
    #expect(index(both).inode(oppositeTo: third) == nil)
    #expect(index(Array(both.prefix(2))).inode(oppositeTo: third) == 11)
    #expect(index([both[1]], spansNamespaces: false).inode(oppositeTo: third) == nil)
  }

  @Test("a connection that nobody holds is no other end; nor is one to somewhere else")
  func nobody() {
    let client = Self.socket(
      Self.endpoint(Self.loopback, 40000), Self.endpoint(Self.loopback, 80), inode: 1)
    let queued = Self.socket(client.peer, client.local, inode: 0)
    #expect(index([client, queued]).inode(oppositeTo: client) == nil)
    #expect(index([client]).inode(oppositeTo: client) == nil)
    #expect(index([client, queued]).inode(oppositeTo: queued) == 1)
  }

  @Test("TCP and UDP do not meet")
  func kinds() {
    let udp = Self.socket(
      Self.endpoint(Self.loopback, 40000), Self.endpoint(Self.loopback, 80), inode: 1, netid: .udp)
    let tcp = Self.socket(udp.peer, udp.local, inode: 2)
    #expect(index([udp, tcp]).inode(oppositeTo: udp) == nil)
  }

  @Test("unix: the kernel names the other end")
  func unixPair() {
    let pair = [Self.unix(5, peer: 6), Self.unix(6, peer: 5)]
    #expect(index(pair).inode(oppositeTo: pair[0]) == 6)
    #expect(index(pair).inode(oppositeTo: pair[1]) == 5)
    #expect(PeerIndex().inode(oppositeTo: pair[0]) == 6)
    #expect(index(pair).inode(oppositeTo: Self.unix(7, peer: nil)) == nil)
    // The other end waits in an accept queue: nobody holds it.
    #expect(index([Self.unix(5, peer: 0)]).inode(oppositeTo: Self.unix(5, peer: 0)) == nil)
  }

  @Test("unix datagrams: one that sends to another is its end, several are not")
  func unixSenders() {
    let receiver = Self.unix(1, peer: nil, .unixDatagram)
    let senders = (UInt32(2)...4).map { Self.unix($0, peer: 1, .unixDatagram) }
    #expect(index([senders[0]]).inode(oppositeTo: receiver) == 2)
    #expect(index([senders[0], senders[0]]).inode(oppositeTo: receiver) == 2)
    #expect(index(Array(senders.prefix(2))).inode(oppositeTo: receiver) == nil)
    #expect(index(senders).inode(oppositeTo: receiver) == nil)
    #expect(index(senders).inode(oppositeTo: senders[2]) == 1)
  }
}
