import ProcNet

/// The place that a target names, where a server would listen.
public enum TargetEndpoint: Sendable, Hashable {
  /// `:8080`, on any address of the network namespace.
  case port(UInt16)
  /// `10.0.0.1:8080`.
  case endpoint(Endpoint)
  /// The name of a unix socket as it is shown: zero bytes of an abstract one are `@`.
  case path([UInt8])

  /// As it is typed.
  public var text: String {
    switch self {
    case .port(let port): ":\(port)"
    case .endpoint(let endpoint): SocketName.endpoint(endpoint)
    case .path(let path): String(rawBytes: path)
    }
  }

  var port: UInt16? {
    switch self {
    case .port(let port): port
    case .endpoint(let endpoint): endpoint.port
    case .path: nil
    }
  }

  /// nil for all addresses, and for unix sockets.
  var address: IPAddress? {
    if case .endpoint(let endpoint) = self { endpoint.address.unmapped } else { nil }
  }

  /// Abstract names belong to a network namespace, as ports do; paths do not.
  var isOfNamespace: Bool {
    if case .path(let path) = self { path.first != UInt8(ascii: "/") } else { true }
  }

  /// Whether a client that connects there reaches this listener or receiver.
  ///
  /// One that is bound to a device gets nothing that is sent to a loopback address.
  func isServed(by socket: borrowing Socket) -> Bool {
    switch self {
    case .path(let path): return socket.netid.isUnix && Self.shown(socket.path) == path
    case .port(let port): return socket.netid.isInternet && socket.local.port == port
    case .endpoint(let endpoint):
      guard socket.netid.isInternet, socket.local.port == endpoint.port else { return false }
      return Self.covers(socket, endpoint.address.unmapped)
        && (socket.interface == 0 || !endpoint.address.isLoopback)
    }
  }

  /// Whether a socket with this local end is in the way of a server that binds the place.
  func conflicts(with socket: borrowing Socket) -> Bool {
    guard socket.netid == .tcp, socket.local.port == port else { return false }
    guard let address else { return true }
    let other = socket.local.address.unmapped
    return other == address || other.isAny
  }

  private static func covers(_ socket: borrowing Socket, _ address: IPAddress) -> Bool {
    let own = socket.local.address.unmapped
    if own == address { return true }
    guard own.isAny else { return false }
    if own.isIPv6 == address.isIPv6 { return true }
    return own.isIPv6 && socket.isV6Only != true
  }

  static func shown(_ path: [UInt8]?) -> [UInt8] {
    (path ?? []).map { $0 == 0 ? UInt8(ascii: "@") : $0 }
  }
}

/// The part of the host that the answer is about; it includes causes elsewhere.
public struct DiagnosisFocus {
  /// Whether a socket, a listener or a connection, belongs to the target.
  public var includes: (borrowing Socket) -> Bool
  /// Processes of the target, whatever their sockets are.
  public var processes: Set<Int32>
  /// The target, when it is a place: whether a server listens there is then answered.
  public var place: TargetEndpoint?
  /// The target, when it is a single process.
  public var process: Int32? { processes.count == 1 ? processes.first : nil }

  public init(
    processes: Set<Int32> = [], place: TargetEndpoint? = nil,
    includes: @escaping (borrowing Socket) -> Bool
  ) {
    self.processes = processes
    self.place = place
    self.includes = includes
  }
}
