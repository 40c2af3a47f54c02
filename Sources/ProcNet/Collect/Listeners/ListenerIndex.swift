/// The listening TCP sockets of the namespaces in view, by address and port.
///
/// Tells which rows without a socket file wait in an accept queue: such a row carries the
/// address and port of its listener, or of its listener's wildcard.
public struct ListenerIndex: Sendable {
  private struct Place: Hashable {
    var namespace: UInt32
    var address: IPAddress
    var port: UInt16
  }

  private var places: Set<Place> = []

  public init() {}

  /// Adds one socket if it listens.
  public mutating func insert(_ socket: borrowing Socket) {
    guard socket.netid == .tcp, socket.state == .listen else { return }
    // A listener on `::ffff:0.0.0.0` is one for IPv4, with mapped addresses on its rows.
    let place = Place(
      namespace: socket.namespace, address: socket.local.address.unmapped,
      port: socket.local.port)
    places.insert(place)
    // A dual-stack wildcard takes IPv4 as well.
    if socket.local.address == .anyV6, socket.isV6Only != true {
      places.insert(
        Place(namespace: socket.namespace, address: .anyV4, port: socket.local.port))
    }
  }

  /// Whether somebody listens where this connection's own end is.
  public func covers(_ socket: borrowing Socket) -> Bool {
    let address = socket.local.address.unmapped
    let place = Place(
      namespace: socket.namespace, address: address, port: socket.local.port)
    var wildcard = place
    wildcard.address = address.isIPv6 ? .anyV6 : .anyV4
    return places.contains(place) || places.contains(wildcard)
  }

  /// Whom a socket belongs to, from its state, its inode and the listeners.
  public func ownership(of socket: borrowing Socket) -> Ownership {
    if socket.inode != 0 { return .held }
    guard socket.netid == .tcp else { return .unknown }
    switch socket.state {
    case .timeWait: return .timeWait
    case .synReceived, .newSynReceived: return .handshake
    case .established, .closeWait: return covers(socket) ? .queued : .unknown
    case .finWait1, .finWait2, .lastAck, .closing: return .orphan
    default: return .unknown
    }
  }
}
