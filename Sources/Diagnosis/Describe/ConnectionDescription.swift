import ProcNet

/// The processes at both ends of a connection, in words and as evidence.
struct ConnectionDescription {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// The owner of the other end; nil when it is not on this host, or in an accept queue.
  func peer(of socket: Socket) -> Owner? {
    guard let other = host.table.opposite(of: socket), other.inode != 0 else { return nil }
    return host.holders(of: other.inode).first
  }

  /// The descriptor by which a process has a socket open.
  func descriptor(of socket: Socket, in process: Int32?) -> Int32? {
    guard let process else { return nil }
    return host.holders(of: socket.inode).filter { $0.process == process }.map(\.descriptor).min()
  }

  /// `fd 4, the connection from 127.0.0.1:35628 (python3, pid 3135)`.
  func text(of socket: Socket, in process: Int32?) -> String {
    let came = host.table.listener(of: socket) != nil
    let ends = "the connection \(came ? "from" : "to") \(Peers(host).text(of: socket))"
    guard let number = descriptor(of: socket, in: process) else { return ends }
    return "fd \(number), \(ends)"
  }

  /// A fact about a connection, with both ends, its owner and descriptor.
  func evidence(
    _ fact: String, _ number: some BinaryInteger, unit: String?, source: String, of socket: Socket,
    in process: Int32?
  ) -> Evidence {
    Evidence(fact, number, unit: unit, source: source).on(socket)
      .of(process: process, descriptor: descriptor(of: socket, in: process))
  }

  /// The owner of the other end, as a fact; nil when no process on this host has it open.
  func peerEvidence(of socket: Socket) -> Evidence? {
    guard let other = host.table.opposite(of: socket), let owner = peer(of: socket) else {
      return nil
    }
    return Evidence(
      "owner of the other end", String(rawBytes: owner.command),
      source: "/proc/\(owner.process)/fd/\(owner.descriptor)"
    ).on(other).of(process: owner.process, descriptor: owner.descriptor)
  }
}

/// Connections of one process in the same trouble: one finding, however many there are.
struct ConnectionGroup {
  /// Their owner; of several the one with the lowest number. nil where it cannot be seen.
  let holder: Owner?
  /// As they were in the first sample, and as they are in the last.
  var pairs: [(before: Socket, now: Socket)]

  var sockets: [Socket] { pairs.map(\.now) }
  var count: Int { pairs.count }
  var process: Int32? { holder?.process }

  /// By owner; those without a known owner by the server that they lead to.
  static func grouped(
    _ pairs: [(before: Socket, now: Socket)], in host: HostObservation
  ) -> [ConnectionGroup] {
    var groups: [ConnectionGroup] = []
    var places: [Key: Int] = [:]
    for pair in pairs {
      let holder = host.holders(of: pair.now.inode).first
      let listener = host.table.listener(of: pair.now)
      let key = Key(
        process: holder?.process,
        server: holder == nil ? listener?.local ?? pair.now.peer : nil,
        isServer: holder == nil && listener != nil)
      if places[key] == nil {
        places[key] = groups.count
        groups.append(ConnectionGroup(holder: holder, key: key, pairs: []))
      }
      if let place = places[key] { groups[place].pairs.append(pair) }
    }
    return groups
  }

  private let key: Key

  private init(holder: Owner?, key: Key, pairs: [(before: Socket, now: Socket)]) {
    (self.holder, self.key, self.pairs) = (holder, key, pairs)
  }

  private struct Key: Hashable {
    var process: Int32?
    var server: Endpoint?
    var isServer: Bool
  }

  /// `python3 (pid 3040)`, or what is known instead: `the server at 127.0.0.1:9000`.
  var name: String {
    if let holder {
      return ProcessName(holder).text
    }
    let place = key.server.map { Phrase.endpoint($0) } ?? "an unknown place"
    return key.isServer ? "the server at \(place)" : "a client of \(place)"
  }

  /// The same at the beginning of a sentence.
  var nameFirst: String {
    holder == nil ? name.prefix(1).uppercased() + name.dropFirst() : name
  }

  var subject: Subject {
    if let holder {
      return .process(ProcessName(holder))
    }
    return sockets.first.map { .socket(SocketName($0)) } ?? .host
  }

  /// The peers' addresses, those with most connections first: `10.0.0.2 (40) and 10.0.0.3 (2)`.
  var peers: String {
    var counts: [String: Int] = [:]
    for socket in sockets {
      counts[AddressText.string(socket.peer.address.unmapped), default: 0] += 1
    }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if order.count == 1 { return order[0].key }
    return Phrase.list(order.map { "\($0.key) (\($0.value))" })
  }
}
