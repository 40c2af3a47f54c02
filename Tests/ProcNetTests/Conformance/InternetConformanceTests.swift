import Glibc
import ProcNet
import TestSupport
import Testing

/// A version of the internet protocol that this host speaks.
enum InternetFamily: String, CaseIterable, CustomStringConvertible {
  case v4 = "IPv4"
  case v6 = "IPv6"

  static let spoken = allCases.filter { OpenSockets.canOpen($0.number, SOCK_STREAM) }

  var description: String { rawValue }
  var number: Int32 { self == .v4 ? AF_INET : AF_INET6 }
  var family: AddressFamily { self == .v4 ? .inet : .inet6 }
  var loopback: IPAddress {
    self == .v4 ? IPAddress(v4: 0x7F00_0001) : IPAddress(v6High: 0, low: 1)
  }
  var any: IPAddress { self == .v4 ? .anyV4 : .anyV6 }
}

/// Real sockets, listed in each way. Hosts without IPv6 leave its cases out.
@Suite("Every way of listing tells the same of internet sockets", .serialized)
struct InternetConformanceTests {
  private let open = OpenSockets()

  /// A listener with an accepted connection, one that waits with two bytes to read, and one that
  /// waits although its client gave up.
  private struct Server {
    let listener, client, accepted, waitingClient: Int32
    let port, clientPort, waitingPort, ghostPort: UInt16

    init(_ family: Int32, _ open: OpenSockets) throws {
      listener = try open.listener(family, limit: 7)
      client = try open.client(family, SOCK_STREAM, to: listener)
      accepted = try open.accepted(from: listener)
      waitingClient = try open.client(family, SOCK_STREAM, to: listener)
      try open.write("hi", to: waitingClient)
      let ghost = try open.client(family, SOCK_STREAM, to: listener)
      port = OpenSockets.port(of: listener)
      clientPort = OpenSockets.port(of: client)
      waitingPort = OpenSockets.port(of: waitingClient)
      ghostPort = OpenSockets.port(of: ghost)
      open.close(ghost)
    }

    /// All rows that belong to it; another address may have the same port, and so may a connection
    /// of a server that had it before.
    func rows(_ sockets: [Socket], _ address: IPAddress) -> [Socket] {
      let others: Set<UInt16> = [0, clientPort, waitingPort, ghostPort]
      return sockets.filter {
        $0.netid == .tcp && $0.local.address == address
          && (($0.local.port == port && others.contains($0.peer.port))
            || ($0.peer.port == port && others.contains($0.local.port)))
      }
    }

    func isReady(_ sockets: [Socket]) -> Bool {
      sockets.from(port, to: waitingPort).first?.queues.recvQ == 2
        && sockets.from(port, to: ghostPort).first?.state == .closeWait
        && sockets.from(ghostPort, to: port).first?.state == .finWait2
        && sockets.of(listener).first?.queues.recvQ == 2
    }
  }

  @Test(
    "TCP: listener, accepted, queued, given up", arguments: ListingWay.allCases,
    InternetFamily.spoken)
  func tcp(way: ListingWay, internet: InternetFamily) throws {
    defer { open.close() }
    let server = try Server(internet.number, open)
    let sockets = server.rows(
      try way.sockets(when: { server.isReady(server.rows($0, internet.loopback)) }),
      internet.loopback)
    #expect(sockets.count == 7, "each end of three connections, and the listener")
    #expect(Set(sockets.map { [$0.local, $0.peer] }).count == 7)
    #expect(sockets.allSatisfy { $0.family == internet.family })
    #expect(sockets.allSatisfy { ($0.cookie != nil) == way.knowsAll })

    let listener = try only(sockets.of(server.listener))
    #expect(listener.state == .listen)
    #expect(listener.local.port == server.port)
    #expect(listener.peer == Endpoint(address: internet.any, port: 0))
    #expect(listener.queues.recvQ == 2)
    #expect(listener.queues.sendQ == (way.knowsAll ? 7 : nil))
    #expect(listener.uid == getuid())

    for (socket, peer) in [(server.accepted, server.clientPort), (server.client, server.port)] {
      let held = try only(sockets.of(socket))
      #expect(held.state == .established)
      #expect(held.peer == Endpoint(address: internet.loopback, port: peer))
      #expect(held.queues.recvQ == 0)
      #expect(held.queues.sendQ == 0)
      #expect(held.uid == getuid())
    }
    try checkUnheld(sockets, server)
  }

  /// What no descriptor holds: two connections in the queue, and what the client that gave up
  /// left behind.
  private func checkUnheld(_ sockets: [Socket], _ server: Server) throws {
    var listeners = ListenerIndex()
    for socket in sockets { listeners.insert(socket) }

    let queued = try only(sockets.from(server.port, to: server.waitingPort))
    #expect(queued.state == .established)
    #expect(queued.inode == 0)
    #expect(queued.queues.recvQ == 2)
    #expect(listeners.ownership(of: queued) == .queued)

    let ghost = try only(sockets.from(server.port, to: server.ghostPort))
    #expect(ghost.state == .closeWait)
    #expect(ghost.inode == 0)
    // The end of the stream counts as a byte.
    #expect(ghost.queues.recvQ == 1)
    #expect(listeners.ownership(of: ghost) == .queued)

    let orphan = try only(sockets.from(server.ghostPort, to: server.port))
    #expect(orphan.state == .finWait2)
    #expect(orphan.inode == 0)
    #expect(listeners.ownership(of: orphan) == .orphan)
    #expect(try only(sockets.of(server.waitingClient)).state == .established)
  }

  private func only(_ sockets: [Socket]) throws -> Socket {
    try #require(sockets.count == 1, "\(sockets.count) rows of one socket")
    return sockets[0]
  }

  @Test(
    "a dual-stack listener and its IPv4 connection, which is IPv6 on its side",
    .enabled(if: InternetFamily.spoken.contains(.v6), "this host does not speak IPv6"),
    arguments: ListingWay.allCases)
  func dualStack(way: ListingWay) throws {
    defer { open.close() }
    let listener = try open.listener(AF_INET6, limit: 3, toAny: true)
    let client = try open.client(AF_INET, SOCK_STREAM, to: listener)
    let (port, clientPort) = (OpenSockets.port(of: listener), OpenSockets.port(of: client))
    let sockets = try way.sockets(when: { $0.of(listener).first?.queues.recvQ == 1 })

    let row = try only(sockets.of(listener))
    #expect(row.local == Endpoint(address: .anyV6, port: port))
    #expect(row.isV6Only == (way.knowsAll ? false : nil))
    let queued = try only(sockets.from(port, to: clientPort))
    #expect(queued.family == .inet6)
    #expect(queued.local.address == IPAddress(v6High: 0, low: 0xFFFF_7F00_0001))
    #expect(queued.inode == 0)
    #expect(try only(sockets.of(client)).family == .inet)
    var listeners = ListenerIndex()
    listeners.insert(row)
    #expect(listeners.ownership(of: queued) == .queued)
    var peers = PeerIndex()
    for socket in sockets { peers.insert(socket) }
    #expect(peers.inode(oppositeTo: queued) == OpenSockets.inode(of: client))
  }

  @Test(
    "UDP: a receiver with an unread datagram, and its sender", arguments: ListingWay.allCases,
    InternetFamily.spoken)
  func udp(way: ListingWay, internet: InternetFamily) throws {
    defer { open.close() }
    let receiver = try open.bound(internet.number, SOCK_DGRAM)
    let sender = try open.client(internet.number, SOCK_DGRAM, to: receiver)
    try open.write("hello", to: sender)
    let sockets = try way.sockets(when: { $0.of(receiver).first?.queues.recvQ ?? 0 > 0 })

    let unread = try only(sockets.of(receiver))
    #expect(unread.netid == .udp)
    #expect(unread.family == internet.family)
    #expect(unread.state == .close)
    #expect(
      unread.local == Endpoint(address: internet.loopback, port: OpenSockets.port(of: receiver)))
    #expect(unread.peer == Endpoint(address: internet.any, port: 0))
    // The kernel counts memory here, not bytes.
    #expect(try #require(unread.queues.recvQ) >= 5)
    #expect(unread.queues.sendQ == 0)
    #expect(unread.uid == getuid())
    #expect(unread.details?.drops == 0)

    let connected = try only(sockets.of(sender))
    #expect(connected.state == .established)
    #expect(connected.peer == unread.local)
    #expect(connected.queues.recvQ == 0)
  }

  @Test(
    "raw: the protocol stands for the port; a kernel without raw_diag leaves a gap, no silence",
    .enabled(if: OpenSockets.canOpen(AF_INET, SOCK_RAW, 1), "raw sockets need CAP_NET_RAW"),
    arguments: ListingWay.allCases)
  func raw(way: ListingWay) throws {
    defer { open.close() }
    let opened = try open.open(AF_INET, SOCK_RAW, Int32(IPPROTO_ICMP))
    let query = SocketQuery(netids: .raw, families: .inet, details: .all)
    let (sockets, gaps) = try way.list(query, try way.kernel())
    guard gaps.isEmpty else {
      #expect(way.knowsAll, "/proc/net always has them")
      #expect(gaps.map(\.missing) == ["raw sockets"])
      #expect(sockets.isEmpty)
      return
    }
    let row = try only(sockets.of(opened))
    #expect(row.netid == .raw)
    #expect(row.family == .inet)
    #expect(row.state == .close)
    #expect(row.local == Endpoint(address: .anyV4, port: 1))
    #expect(row.uid == getuid())
  }
}
