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

/// A place that a target names and at which nothing listens: who has the port, and what listens
/// elsewhere.
public struct PortUse: Sendable {
  public var place: TargetEndpoint
  /// The network namespace in which the question is asked.
  public var namespace: UInt32
  /// Listeners and UDP receivers at the same port, or of the same name, that a client of the
  /// place does not reach.
  public var elsewhere: [Socket] = []
  /// TCP sockets that are bound to the port and neither listen nor are connected.
  public var bound: [Socket] = []
  /// Connections whose own port it is, except those in TIME-WAIT.
  public var connections: [Socket] = []
  /// Those of them that a program of this host opened, by inode: the kernel chose their port.
  public var outgoing: Set<UInt32> = []
  /// How many more are in TIME-WAIT.
  public var timeWait = 0
  /// Clients on this host whose SYN to the place gets no answer.
  public var waiting: [Socket] = []
  /// The listeners with the nearest ports, or in the same folder.
  public var near: [Socket] = []
  /// Whether the kernel lists bound sockets that do not listen (since Linux 6.8).
  public var seesBound = false
  /// unix: whether there is a file of that name; nil when that cannot be seen.
  public var fileExists: Bool?
  /// What the kernel gives to outgoing connections, and `net.ipv4.ip_local_reserved_ports`, which
  /// it leaves out.
  public var localPorts: ClosedRange<UInt16>?
  public var reservedPorts: String?

  /// Names of the devices that listeners are bound to.
  var devices: [UInt32: [UInt8]] = [:]

  func deviceName(of interface: UInt32) -> String {
    devices[interface].map { String(rawBytes: $0) } ?? "number \(interface)"
  }
}

/// Finds what has a port, and what listens elsewhere, when nothing listens at the target.
struct PortUseObserver {
  let host: HostObservation
  let scope: SamplingScope

  static let mostNear = 3
  /// More of one kind are not named.
  static let most = 64

  private var here: NetworkNamespace { scope.places.first ?? .here }
  private var kernel: any Kernel { scope.moments.second }

  /// nil when something listens there, and for addresses that are not this host's.
  func read(_ place: TargetEndpoint) -> PortUse? {
    let listening = host.table.sockets.filter(Self.isListening)
    let isServed = listening.contains { place.isServed(by: $0) && isReachable($0, place) }
    guard !isServed else { return nil }
    let own = try? OwnAddresses(in: here, through: kernel)
    func isOwn(_ address: IPAddress) -> Bool {
      own?.contains(address) ?? false || host.table.isOwn(address, in: here.inode)
    }
    if let address = place.address, !isOwn(address) { return nil }
    var use = PortUse(place: place, namespace: here.inode)
    use.elsewhere = Array(listening.filter { isElsewhere($0, place) }.prefix(Self.most))
    use.near = near(place, listening)
    if use.elsewhere.contains(where: { $0.interface != 0 }) { readDevices(&use) }
    if case .path(let path) = place {
      readName(&use, path)
    } else {
      readPort(&use, isOwn)
    }
    return use
  }

  /// TCP and unix in LISTEN; UDP and unix datagram sockets that are bound and not connected.
  private static func isListening(_ socket: Socket) -> Bool {
    switch socket.netid {
    case .tcp, .unixStream, .unixSeqpacket: socket.state == .listen
    case .udp: socket.peer.port == 0 && socket.local.port != 0
    case .unixDatagram: socket.path != nil
    default: false
    }
  }

  /// A UDP socket on a port that the kernel gives out is more likely a client's than a server's.
  private func isReachable(_ socket: Socket, _ place: TargetEndpoint) -> Bool {
    if place.isOfNamespace, socket.namespace != here.inode { return false }
    guard socket.netid == .udp else { return true }
    return host.settings(of: here.inode)?.localPorts?.contains(socket.local.port) != true
  }

  private func isElsewhere(_ socket: Socket, _ place: TargetEndpoint) -> Bool {
    if case .path(let path) = place {
      return socket.netid.isUnix
        && Self.lastName(TargetEndpoint.shown(socket.path)) == Self.lastName(path)
    }
    return socket.netid.isInternet && socket.local.port == place.port
  }

  private func readDevices(_ use: inout PortUse) {
    let interfaces = Interfaces(in: here, through: kernel)
    for socket in use.elsewhere where socket.interface != 0 && socket.namespace == here.inode {
      use.devices[socket.interface] = interfaces.name(of: socket.interface)
    }
  }

  // MARK: what has the port or the name

  private func readName(_ use: inout PortUse, _ path: [UInt8]) {
    use.fileExists = exists(path)
    let named = host.table.sockets.filter {
      $0.netid.isUnix && $0.netid != .unixDatagram && TargetEndpoint.shown($0.path) == path
        && (!use.place.isOfNamespace || $0.namespace == here.inode)
    }
    use.bound = Array(named.filter { $0.state == .close }.prefix(Self.most))
    use.connections = Array(named.filter { $0.state == .established }.prefix(Self.most))
    use.seesBound = true
  }

  private func readPort(_ use: inout PortUse, _ isOwn: (IPAddress) -> Bool) {
    guard let port = use.place.port else { return }
    let place = use.place
    for socket in host.table.sockets where socket.namespace == here.inode && socket.netid == .tcp {
      if socket.state == .synSent, socket.peer.port == port, use.waiting.count < Self.most,
        place.address.map({ $0 == socket.peer.address.unmapped }) ?? isOwn(socket.peer.address)
      {
        use.waiting.append(socket)
      }
      guard place.conflicts(with: socket), use.connections.count < Self.most else { continue }
      if Self.isConnection(socket) { use.connections.append(socket) }
    }
    readUnlisted(&use, port)
    use.localPorts = host.settings(of: here.inode)?.localPorts
    use.outgoing = Set(use.connections.filter { isOutgoing($0, use.localPorts) }.map(\.inode))
    use.reservedPorts = here.setting(
      "/proc/sys/net/ipv4/ip_local_reserved_ports", limit: 1 << 16, through: kernel
    ).map { String(rawBytes: $0.filter { $0 > 32 }) }
  }

  private static func isConnection(_ socket: Socket) -> Bool {
    StateSet.connected.contains(socket.state)
      && ![.timeWait, .synReceived, .newSynReceived].contains(socket.state)
  }

  private func isOutgoing(_ socket: Socket, _ range: ClosedRange<UInt16>?) -> Bool {
    if socket.inode == 0 { return false }
    if socket.state == .synSent || host.table.listener(at: socket.peer, like: socket) != nil {
      return true
    }
    guard let range else { return false }
    return range.contains(socket.local.port) && !range.contains(socket.peer.port)
  }

  /// What is in no other listing: bound sockets, and those in TIME-WAIT.
  private func readUnlisted(_ use: inout PortUse, _ port: UInt16) {
    let query = SocketQuery(
      netids: .tcp,
      states: [StateSet(.boundInactive), StateSet(.timeWait)],
      program: ListenerPortProgram.make(.local, isOneOf: [port]), namespace: here)
    var (bound, timeWait): ([Socket], Int) = ([], 0)
    let place = use.place
    try? scope.source.list(query, through: kernel) {
      (socket) throws(KernelError) in
      guard place.conflicts(with: socket) else { return }
      if socket.state == .timeWait { timeWait += 1 } else { bound.append(copy socket) }
    }
    (use.bound, use.timeWait) = (Array(bound.prefix(Self.most)), timeWait)
    use.seesBound = !bound.isEmpty || (!(scope.source is ProcSource) && hasBoundState)
  }

  /// Linux 6.8 and later.
  private var hasBoundState: Bool {
    KernelRelease(through: kernel).map { $0 >= KernelRelease(6, 8) } ?? false
  }

  // MARK: what listens near it

  private func near(_ place: TargetEndpoint, _ listening: [Socket]) -> [Socket] {
    let found =
      switch place {
      case .path(let path): listening.filter { Self.isBeside($0, path) }
      default: nearPorts(place, listening)
      }
    return Array(found.prefix(Self.mostNear))
  }

  private func nearPorts(_ place: TargetEndpoint, _ listening: [Socket]) -> [Socket] {
    guard let port = place.port.map(Int.init) else { return [] }
    var seen: Set<UInt16> = [UInt16(clamping: port)]
    func distance(_ socket: Socket) -> Int { abs(Int(socket.local.port) - port) }
    return listening.filter { $0.netid == .tcp && $0.namespace == here.inode }
      .sorted { (distance($0), $0.local.port) < (distance($1), $1.local.port) }
      .filter { seen.insert($0.local.port).inserted }
  }

  private static func isBeside(_ socket: Socket, _ path: [UInt8]) -> Bool {
    let other = TargetEndpoint.shown(socket.path)
    return socket.netid.isUnix && socket.state == .listen && lastName(other) != lastName(path)
      && folder(other) == folder(path)
  }

  private static func lastName(_ path: [UInt8]) -> ArraySlice<UInt8> {
    path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path[...]
  }

  private static func folder(_ path: [UInt8]) -> [UInt8]? {
    path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[..<$0]) }
  }

  private func exists(_ path: [UInt8]) -> Bool? {
    guard path.first == UInt8(ascii: "/") else { return nil }
    do throws(KernelError) {
      _ = try kernel.identity(of: String(rawBytes: path))
      return true
    } catch {
      return error.isGone ? false : nil
    }
  }
}
