import ProcNet

/// The sockets of a host, to be found by inode, by listener, and by their other end.
///
/// Made only when something looks suspicious: it has every row.
public struct SocketTable: Sendable {
  public private(set) var sockets: [Socket] = []
  private var byInode: [UInt32: UInt32] = [:]
  /// By the hash of a `ConnectionKey`: a fifth of the memory that the keys would take. What is found
  /// is compared.
  private var byConnection: [Int: UInt32] = [:]
  /// unix: inode of a waiting client → of the listener it waits at (`UNIX_DIAG_ICONS`).
  private var waitsAt: [UInt32: UInt32] = [:]
  private var places = ListenerLookup()
  /// UDP sockets that are not connected, by port.
  private var receivers: [UInt16: [Int]] = [:]

  /// Local addresses of sockets, and the network namespaces that have them.
  private var addresses: [IPAddress: Set<UInt32>] = [:]
  /// Conversations in which one end waits for the other, by inode.
  private(set) var conversations: [UInt32: Conversation] = [:]

  /// `count`: about how many rows will come. Growing by doubling would take twice the memory.
  public init(count: Int = 0) {
    sockets.reserveCapacity(count)
    byInode.reserveCapacity(count)
    byConnection.reserveCapacity(count)
  }

  public mutating func insert(_ socket: borrowing Socket) {
    let number = sockets.count
    noteConversation(socket)
    var row = copy socket
    // A listener's details name the clients that wait; those of connections would fill the memory.
    if socket.state != .listen { row.details = nil }
    sockets.append(row)
    if socket.netid.isInternet {
      addresses[socket.local.address.unmapped, default: []].insert(socket.namespace)
    }
    if socket.inode != 0 { byInode[socket.inode] = UInt32(number) }
    if socket.state == .listen {
      places.insert(socket, number)
      for client in socket.details?.waiting ?? [] { waitsAt[client] = socket.inode }
    } else if socket.netid == .udp, socket.peer.port == 0 {
      receivers[socket.local.port, default: []].append(number)
    } else if socket.netid.isInternet, socket.peer.port != 0 {
      byConnection[ConnectionKey(socket).hashValue] = UInt32(number)
    }
  }

  /// Of clients' ends those that asked, of servers' ends those that owe an answer.
  private mutating func noteConversation(_ socket: borrowing Socket) {
    guard socket.inode != 0, let talk = Conversation(socket) else { return }
    let isServer = listener(of: socket) != nil
    switch talk.turn {
    case .ours where isServer, .theirs where !isServer, .either, .unread, .unsent:
      conversations[socket.inode] = talk
    default: break
    }
  }

  public func socket(inode: UInt32) -> Socket? { byInode[inode].map { sockets[Int($0)] } }

  /// The other end of a connection, with or without an owner; nil when it is not on this host.
  public func opposite(of socket: borrowing Socket) -> Socket? {
    if socket.netid.isUnix {
      guard let peer = socket.peerInode, peer != 0 else { return nil }
      return self.socket(inode: peer)
    }
    guard socket.netid.isInternet, socket.peer.port != 0 else { return nil }
    let key = ConnectionKey(oppositeOf: socket)
    guard let number = byConnection[key.hashValue], ConnectionKey(sockets[Int(number)]) == key
    else { return nil }
    return sockets[Int(number)]
  }

  /// The listener that a connection came in through, accepted or not; nil for connections that this
  /// host opened, and where the listener is closed. Of shards the first.
  public func listener(of socket: borrowing Socket) -> Socket? {
    if socket.netid == .tcp, socket.state != .listen {
      return places.listener(of: socket).map { sockets[$0] }
    }
    return nil
  }

  /// UDP: the socket on this host that gets what a connected one sends; nil where none is bound.
  public func receiver(of socket: borrowing Socket) -> Socket? {
    guard socket.netid == .udp, socket.peer.port != 0 else { return nil }
    let address = socket.peer.address.unmapped
    let namespace = socket.namespace
    let found = (receivers[socket.peer.port] ?? []).map { sockets[$0] }.filter {
      $0.namespace == namespace || !address.isLoopback
    }
    return found.first { $0.local.address.unmapped == address }
      ?? found.first { $0.local.address.unmapped.isAny }
  }

  /// The listener that a connection to this place would reach, in the same namespace or in the one
  /// that has the address; nil for other hosts' addresses, even if a listener here has that port on
  /// all addresses.
  public func listener(at place: Endpoint, like socket: borrowing Socket) -> Socket? {
    if let found = listener(at: place, like: socket, in: socket.namespace) { return found }
    let address = place.address.unmapped
    guard !address.isLoopback, !address.isAny, !isOwn(address, in: socket.namespace),
      let others = addresses[address], others.count == 1, let other = others.first
    else { return nil }
    return listener(at: place, like: socket, in: other)
  }

  private func listener(
    at place: Endpoint, like socket: borrowing Socket, in namespace: UInt32
  ) -> Socket? {
    var end = Socket(netid: socket.netid, family: socket.family, state: .established)
    end.local = place
    end.namespace = namespace
    guard let found = listener(of: end) else { return nil }
    let address = place.address.unmapped
    return address == found.local.address.unmapped || isOwn(address, in: namespace) ? found : nil
  }

  /// An address of this host, as far as its sockets have it.
  func isOwn(_ address: IPAddress, in namespace: UInt32) -> Bool {
    address.isLoopback || addresses[address.unmapped]?.contains(namespace) == true
  }

  /// unix: the listener in whose queue the other end of this client's socket still is.
  public func unixListener(keeping client: UInt32) -> Socket? {
    waitsAt[client].flatMap { socket(inode: $0) }
  }

  /// It waits in an accept queue: it has no owner, and there is a listener.
  public func isQueued(_ socket: borrowing Socket) -> Bool {
    guard socket.inode == 0, socket.netid == .tcp else { return false }
    switch socket.state {
    case .established, .closeWait, .synReceived, .newSynReceived: return listener(of: socket) != nil
    default: return false
    }
  }
}
