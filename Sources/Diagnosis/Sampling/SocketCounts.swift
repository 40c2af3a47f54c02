import ProcNet

/// Sums over the connections of a host; it keeps none of them.
public struct SocketCounts: Sendable {
  public private(set) var sockets = 0
  public private(set) var states: [SocketState: Int] = [:]
  /// Connections without an owner that the kernel still finishes.
  public private(set) var orphans = 0
  /// Half-open connections by the listening port they are for.
  public private(set) var handshakes: [Port: Int] = [:]
  /// Accepted connections by the listening port they came through.
  public private(set) var accepted: [Port: Int] = [:]
  /// Connections from one own address to one destination: each has a local port of its own.
  public private(set) var routes: [Route: Route.Count] = [:]

  /// A port of one namespace.
  public struct Port: Hashable, Sendable {
    public var namespace: UInt32
    public var port: UInt16

    init(namespace: UInt32, port: UInt16) { (self.namespace, self.port) = (namespace, port) }

    /// A socket's own.
    init(_ socket: borrowing Socket) {
      self.init(namespace: socket.namespace, port: socket.local.port)
    }
  }

  /// Where connections go from one address: what shares one set of local ports.
  public struct Route: Hashable, Sendable {
    public var namespace: UInt32
    public var local: IPAddress
    public var peer: Endpoint

    public struct Count: Sendable {
      public var all = 0
      public var timeWait = 0
    }
  }

  /// Ports of listeners: connections from them were accepted and use up no port.
  let listening: Set<Port>
  /// The range that the kernel gives out, per namespace.
  let ranges: [UInt32: ClosedRange<UInt16>]

  init(listening: Set<Port>, ranges: [UInt32: ClosedRange<UInt16>]) {
    self.listening = listening
    self.ranges = ranges
  }

  mutating func count(_ socket: borrowing Socket) {
    sockets += 1
    states[socket.state, default: 0] += 1
    let port = Port(socket)
    if socket.state == .synReceived || socket.state == .newSynReceived {
      handshakes[port, default: 0] += 1
      return
    }
    if socket.inode == 0, Self.isOrphan(socket.state) { orphans += 1 }
    if socket.inode != 0, listening.contains(port) { accepted[port, default: 0] += 1 }
    countPort(socket, port)
  }

  private static func isOrphan(_ state: SocketState) -> Bool {
    state == .finWait1 || state == .finWait2 || state == .lastAck || state == .closing
  }

  private mutating func countPort(_ socket: borrowing Socket, _ port: Port) {
    guard let range = ranges[socket.namespace], range.contains(port.port),
      !listening.contains(port)
    else { return }
    let route = Route(
      namespace: socket.namespace, local: socket.local.address.unmapped,
      peer: Endpoint(address: socket.peer.address.unmapped, port: socket.peer.port))
    routes[route, default: Route.Count()].all += 1
    if socket.state == .timeWait { routes[route]?.timeWait += 1 }
  }
}
