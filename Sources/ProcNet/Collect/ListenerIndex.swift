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
    let place = Place(
      namespace: socket.namespace, address: socket.local.address, port: socket.local.port)
    places.insert(place)
    // A dual-stack wildcard takes IPv4 as well.
    if socket.local.address == .anyV6, socket.isV6Only != true {
      places.insert(
        Place(namespace: socket.namespace, address: .anyV4, port: socket.local.port))
    }
  }

  /// Whether somebody listens where this connection's own end is.
  public func covers(_ socket: borrowing Socket) -> Bool {
    let local = socket.local
    let address = local.address.unmapped
    let wildcard: IPAddress = address.isIPv6 ? .anyV6 : .anyV4
    for candidate in [local.address, address, wildcard] {
      let place = Place(
        namespace: socket.namespace, address: candidate, port: local.port)
      if places.contains(place) { return true }
    }
    return false
  }

  /// Whom a socket belongs to, from its state, its inode and the listeners.
  public func standing(of socket: borrowing Socket) -> Standing {
    if socket.inode != 0 || socket.netid != .tcp { return .held }
    switch socket.state {
    case .timeWait: return .timeWait
    case .synReceived, .newSynReceived: return .handshake
    case .established, .closeWait: return covers(socket) ? .queued : .unknown
    case .finWait1, .finWait2, .lastAck, .closing: return .orphan
    default: return .unknown
    }
  }
}
