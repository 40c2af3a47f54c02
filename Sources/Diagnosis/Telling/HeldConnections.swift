import ProcNet

/// Connections in the same trouble that one process holds: told of once, however many there are.
struct HeldConnections {
  /// Who holds them; of several holders the lowest number. nil where it may not be seen.
  let holder: Owner?
  /// As they are now, and as they were at the first look.
  var pairs: [(before: Socket, now: Socket)]

  var sockets: [Socket] { pairs.map(\.now) }
  var count: Int { pairs.count }
  var process: Int32? { holder?.process }

  /// By holder; of those whose holder is not known, by the port of the service.
  static func grouped(
    _ pairs: [(before: Socket, now: Socket)], in file: CaseFile
  ) -> [HeldConnections] {
    var groups: [Key: HeldConnections] = [:]
    for pair in pairs {
      let holder = file.holders(of: pair.now.inode).first
      let key = Key(
        process: holder?.process, port: holder == nil ? servicePort(pair.now, file) : 0,
        namespace: holder == nil ? pair.now.namespace : 0)
      groups[key, default: HeldConnections(holder: holder, pairs: [])].pairs.append(pair)
    }
    return groups.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The own port of connections that came in, the other end's of those that went out.
  private static func servicePort(_ socket: Socket, _ file: CaseFile) -> UInt16 {
    file.table.listener(of: socket) == nil ? socket.peer.port : socket.local.port
  }

  private struct Key: Hashable, Comparable {
    var process: Int32?
    var port: UInt16
    var namespace: UInt32

    static func < (left: Key, right: Key) -> Bool {
      (left.process ?? .max, left.port, left.namespace)
        < (right.process ?? .max, right.port, right.namespace)
    }
  }

  /// `python3 (pid 3040)`, or what is known instead.
  var name: String {
    guard let holder else {
      return "A process that may not be seen"
    }
    return ProcessName(process: holder.process, command: holder.command).text
  }

  var subject: Subject {
    if let holder {
      return .process(ProcessName(process: holder.process, command: holder.command))
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
    return Words.list(order.map { "\($0.key) (\($0.value))" })
  }
}
