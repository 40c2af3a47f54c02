/// Finds the listener that a connection came in through.
///
/// As the kernel does: a listener on the connection's own address before one on all addresses; one
/// bound to the connection's interface before one that is bound to none. A connection has its
/// listener's family, so IPv4 that came in through a dual-stack listener has mapped addresses.
public struct ListenerLookup: Sendable {
  private struct Place: Hashable, Sendable {
    var namespace: UInt32
    var family: AddressFamily
    var interface: UInt32
    var address: IPAddress
    var port: UInt16
  }

  private var numbers: [Place: [Int]] = [:]
  /// The first listener on all addresses of both families.
  private var dualStack: [Place: Int] = [:]

  /// `::ffff:0.0.0.0`.
  private static let anyMapped = IPAddress(v6High: 0, low: 0xFFFF_0000_0000)

  /// Listeners that share one address and port, in the order in which they were listed.
  var groups: [[Int]] { Array(numbers.values) }

  /// Knows no listener.
  public init() {}

  /// Adds a listener under a number of the caller's.
  public mutating func insert(_ socket: borrowing Socket, _ number: Int) {
    guard socket.netid == .tcp else { return }
    let place = Place(
      namespace: socket.namespace, family: socket.family, interface: socket.interface,
      address: socket.local.address, port: socket.local.port)
    numbers[place, default: []].append(number)
    if socket.local.address == .anyV6, socket.isV6Only != true, dualStack[place] == nil {
      dualStack[place] = number
    }
  }

  /// The number of the listener, of shards the first; nil when nobody listens there.
  public func listener(of socket: borrowing Socket) -> Int? {
    let address = socket.local.address
    if !address.isIPv6 {
      if let found = find(.inet, address, socket) ?? find(.inet, .anyV4, socket) { return found }
      // Accepted from a dual-stack listener and turned into IPv4 (`IPV6_ADDRFORM`).
      return listener(ofMapped: IPAddress(v6High: 0, low: 0xFFFF << 32 | address.low), socket)
    }
    if address.isMappedV4 { return listener(ofMapped: address, socket) }
    return find(.inet6, address, socket) ?? find(.inet6, .anyV6, socket)
  }

  private func listener(ofMapped address: IPAddress, _ socket: borrowing Socket) -> Int? {
    find(.inet6, address, socket) ?? find(.inet6, Self.anyMapped, socket) ?? findDual(socket)
  }

  private func find(
    _ family: AddressFamily, _ address: IPAddress, _ socket: borrowing Socket
  ) -> Int? {
    var place = Place(
      namespace: socket.namespace, family: family, interface: socket.interface,
      address: address, port: socket.local.port)
    if let found = numbers[place]?.first { return found }
    if place.interface == 0 { return nil }
    place.interface = 0
    return numbers[place]?.first
  }

  private func findDual(_ socket: borrowing Socket) -> Int? {
    var place = Place(
      namespace: socket.namespace, family: .inet6, interface: socket.interface,
      address: .anyV6, port: socket.local.port)
    if let found = dualStack[place] { return found }
    place.interface = 0
    return dualStack[place]
  }
}

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

  /// Knows no listener.
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
  func covers(_ socket: borrowing Socket) -> Bool {
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
