import Testing

@testable import ProcNet

@Suite("Whom a socket belongs to") struct ListenerIndexTests {
  private static let loopback = IPAddress(v4: 0x7F00_0001)
  private static let mapped = IPAddress(v6High: 0, low: 0xFFFF_7F00_0001)
  private static let mappedAny = IPAddress(v6High: 0, low: 0xFFFF_0000_0000)
  private static let loopback6 = IPAddress(v6High: 0, low: 1)

  private static func socket(
    _ address: IPAddress, _ port: UInt16 = 80, _ state: SocketState = .listen,
    namespace: UInt32 = 1, netid: Netid = .tcp, isV6Only: Bool? = nil
  ) -> Socket {
    var socket = Socket(netid: netid, family: address.isIPv6 ? .inet6 : .inet, state: state)
    socket.local = Endpoint(address: address, port: port)
    socket.namespace = namespace
    socket.isV6Only = isV6Only
    return socket
  }

  private func index(_ listeners: Socket...) -> ListenerIndex {
    var index = ListenerIndex()
    for listener in listeners { index.insert(listener) }
    return index
  }

  /// Listener, own address of a connection, whether the one waits at the other.
  @Test(
    "a connection waits at the listener on its address or on its family's wildcard",
    arguments: [
      (socket(loopback), loopback, true),
      (socket(.anyV4), loopback, true),
      (socket(IPAddress(v4: 0x7F00_0002)), loopback, false),
      (socket(loopback6), loopback6, true),
      (socket(.anyV6), loopback6, true),
      (socket(.anyV4), loopback6, false),
      // Dual stack: unless it says that it is for IPv6 only, and /proc does not say.
      (socket(.anyV6, isV6Only: false), mapped, true),
      (socket(.anyV6), mapped, true),
      (socket(.anyV6, isV6Only: true), mapped, false),
      (socket(.anyV6, isV6Only: true), loopback6, true),
      // An IPv6 socket bound to an IPv4 address.
      (socket(mapped), mapped, true),
      (socket(mappedAny), mapped, true),
      (socket(mappedAny), loopback6, false),
    ])
  func addresses(listener: Socket, address: IPAddress, isQueued: Bool) {
    let index = index(listener)
    for state in [SocketState.established, .closeWait] {
      let connection = Self.socket(address, 80, state)
      #expect(index.covers(connection) == isQueued)
      #expect(index.ownership(of: connection) == (isQueued ? .queued : .unknown))
    }
  }

  @Test("port and namespace have to be the listener's")
  func elsewhere() {
    let index = index(Self.socket(.anyV4))
    #expect(index.covers(Self.socket(Self.loopback, 80, .established)))
    #expect(!index.covers(Self.socket(Self.loopback, 81, .established)))
    #expect(!index.covers(Self.socket(Self.loopback, 80, .established, namespace: 2)))
  }

  @Test("only listening TCP sockets are listeners")
  func onlyListeners() {
    let index = index(
      Self.socket(.anyV4, 80, .close), Self.socket(.anyV4, 80, .boundInactive),
      Self.socket(.anyV4, 80, .listen, netid: .udp), Self.socket(.anyV4, 80, .established))
    #expect(!index.covers(Self.socket(Self.loopback, 80, .established)))
  }

  @Test(
    "without an inode the state tells, and at a listener whether it is queued",
    arguments: [
      (.established, .queued), (.synSent, .unknown), (.synReceived, .handshake),
      (.finWait1, .orphan), (.finWait2, .orphan), (.timeWait, .timeWait), (.close, .unknown),
      (.closeWait, .queued), (.lastAck, .orphan), (.listen, .unknown), (.closing, .orphan),
      (.newSynReceived, .handshake), (.boundInactive, .unknown),
      (SocketState(rawValue: 77), .unknown),
    ] as [(SocketState, Ownership)])
  func states(state: SocketState, ownership: Ownership) {
    let index = index(Self.socket(.anyV4))
    var socket = Self.socket(Self.loopback, 80, state)
    #expect(index.ownership(of: socket) == ownership)
    socket.inode = 7
    #expect(index.ownership(of: socket) == .held)
  }

  @Test("a socket of another kind is held when it has an inode, and not understood without")
  func otherKinds() {
    for netid in Netid.allCases where netid != .tcp {
      var socket = Self.socket(Self.loopback, 80, .established, netid: netid)
      #expect(index(Self.socket(.anyV4)).ownership(of: socket) == .unknown)
      socket.inode = 7
      #expect(ListenerIndex().ownership(of: socket) == .held)
    }
  }
}
