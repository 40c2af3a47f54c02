import ProcNet

extension ColumnSet<Socket> {
  /// The columns of `list`.
  static let sockets = ColumnSet(
    SocketColumns.row + SocketColumns.processes + SocketColumns.details + SocketColumns.tcp)

  /// Columns that a program can use as they are.
  static let usualInCSV = [
    "netid", "state", "recv-q", "send-q", "local", "peer", "inode", "uid", "cookie", "netns",
    "standing", "age", "process", "cgroup", "service", "container",
  ]
}

/// What can be told of a socket.
enum SocketColumns {
  // What ss's row has, and what identifies a socket.

  static let row: [Column<Socket>] = [
    netid, state, recvQ, sendQ, local, peer, ownership, inode, uid, user, cookie, family, netns,
    interface, path, age, fill,
  ]

  private static let netid = Column<Socket>.written(
    "netid", "Netid", "kind of socket: tcp, udp, raw, u_str …"
  ) { socket, _, writer in writer.append(socket.netid.name) }

  private static let state = Column<Socket>.written("state", "State", "state as ss names it") {
    socket, _, writer in
    if let name = socket.state.knownName {
      writer.append(name)
    } else {
      writer.append(socket.state.name)
    }
  }.usually(wide: 10).toned { socket, context in
    switch socket.state {
    case .listen: isFull(socket) ? .alarm : .listener
    case .established: context.ownership(of: socket) == .queued ? .attention : .good
    case .timeWait: .faint
    case .close: .plain
    default: .attention
    }
  }

  private static let recvQ = queue(
    "recv-q", "Recv-Q", "bytes not read yet; of a listener: connections waiting for accept",
    \.receiveQueue
  ).explained(
    """
    Of a connection: bytes that arrived and that the program has not read; the peer's FIN counts \
    as one. Of a TCP listener: connections that are complete and wait for `accept(2)`. Of UDP: \
    memory, not bytes of data. Of a unix datagram socket: the size of the first message.
    """
  ).toned { socket, context in
    isFull(socket) ? .alarm : context.ownership(of: socket) == .timeWait ? .faint : .plain
  }

  private static let sendQ = queue(
    "send-q", "Send-Q", "bytes not acknowledged yet; of a listener: limit of the accept queue",
    \.sendQueue
  ).explained(
    """
    Of a connection: bytes that were written and that the peer has not acknowledged. Of a TCP \
    listener: the limit of its accept queue, the smaller one of the program's backlog and \
    `net.core.somaxconn`; it is full at one more than that. `/proc/net/tcp` does not tell it.
    """)

  /// The two columns that every row of the fastest listing has.
  private static func queue(
    _ name: String, _ heading: String, _ meaning: String,
    _ length: @escaping @Sendable (borrowing Socket) -> UInt32?
  ) -> Column<Socket> {
    Column<Socket>.number(name, heading, meaning) { .count(length($0)) }
      .direct { socket, _, writer in
        if let length = length(socket) {
          writer.append(decimal: length)
        } else {
          writer.append(UInt8(ascii: "-"))
        }
      }
  }

  private static let local = Column<Socket>.written(
    "local", "Local Address:Port", "own address and port"
  ) { socket, context, writer in EndpointText.appendLocal(socket, context, to: &writer) }
  .usually(wide: 21)

  private static let peer = Column<Socket>.written(
    "peer", "Peer Address:Port", "address and port of the other end"
  ) { socket, context, writer in EndpointText.appendPeer(socket, context, to: &writer) }
  .usually(wide: 21)

  private static let ownership = Column<Socket>(
    "standing", "Standing", "held, queued (waits for accept), syn-recv, time-wait, orphan",
    needs: .ownership
  ) { socket, context in .words(context.ownership(of: socket).rawValue) }

  private static let inode = Column<Socket>.number(
    "inode", "Inode", "inode of the socket file, 0 when there is none"
  ) { .count($0.inode) }.explained(
    "0 for connections in an accept queue, in TIME-WAIT, in SYN-RECV, and for orphans.")

  private static let uid = Column<Socket>.number("uid", "UID", "user id of the creator") {
    .count($0.uid)
  }

  private static let user = Column<Socket>.name("user", "User", "user name of the creator") {
    socket, context in
    guard let uid = socket.uid else { return nil }
    return context.userName(uid) ?? Array(String(uid).utf8)
  }

  private static let cookie = Column<Socket>(
    "cookie", "Cookie", "the kernel's number of the socket, hex"
  ) { socket, _ in socket.cookie.map { .words(String($0, radix: 16)) } ?? .unknown }

  private static let family = Column<Socket>("family", "Family", "inet, inet6, unix or link") {
    socket, _ in .words(socket.family.name)
  }

  private static let netns = Column<Socket>(
    "netns", "Netns", "network namespace: name, or inode number"
  ) { socket, context in .namespace(socket.namespace, context) }.usually(wide: 10)

  private static let interface = Column<Socket>.name(
    "interface", "Interface", "interface it is bound to"
  ) { socket, context in
    guard socket.interface != 0 else { return nil }
    return context.interfaceName(socket.interface, in: socket.namespace)
      ?? Array("if\(socket.interface)".utf8)
  }

  private static let path = Column<Socket>.name(
    "path", "Path", "unix: bound name, abstract ones begin with @"
  ) { socket, _ in socket.path.map(EndpointText.visible) }

  private static let age = Column<Socket>.number(
    "age", "Age", "queued connections: milliseconds since the handshake ended",
    needs: [.tcp, .ownership]
  ) { .count($0.queuedAge) }
  .explained("That is, for how long the client has been waiting to be served.")

  private static let fill = Column<Socket>.number(
    "fill", "Fill", "listeners: per cent of what the accept queue takes, its limit and one more"
  ) { .percent(AcceptQueue(of: $0)?.fill?.percent) }

  private static func isFull(_ socket: borrowing Socket) -> Bool {
    AcceptQueue(of: socket)?.isFull ?? false
  }

  // Who holds a socket, and what it belongs to.

  static let processes: [Column<Socket>] = [
    process,
    .name("command", "Command", "command of the first holder", needs: .owners) {
      socket, context in context.owners(of: socket).last?.command
    },
    Column("pid", "PID", "process ids of all holders", needs: .owners) { socket, context in
      .processes(context.owners(of: socket))
    },
    .written(
      "peer-process", "Peer Process", "holders of the other end, when it is on this host",
      needs: [.owners, .peers]
    ) { socket, context, writer in
      let owners = context.peerOwners(of: socket)
      guard !owners.isEmpty else { return writer.append(UInt8(ascii: "-")) }
      writer.append("users:")
      SSOwners.append(owners, to: &writer)
    },
    .name("cgroup", "Cgroup", "cgroup (v2) of the socket's creator", needs: .attributes) {
      socket, context in context.controlGroup(of: socket)
    },
    .name(
      "service", "Service", "systemd unit of the socket or its holder",
      needs: [.attributes, .owners]
    ) { socket, context in context.service(of: socket)?.rawBytes }
    .explained("It follows from the control group of the socket's creator."),
    .name(
      "container", "Container", "container of the socket or its holder",
      needs: [.attributes, .owners]
    ) { socket, context in context.container(of: socket)?.rawBytes },
  ]

  private static let process = Column<Socket>.written(
    "process", "Process", "all holders, or why there is none", needs: [.owners, .ownership]
  ) { socket, context, writer in
    let owners = context.owners(of: socket)
    if !owners.isEmpty {
      writer.append("users:")
      return SSOwners.append(owners, to: &writer)
    }
    let ownership = context.ownership(of: socket)
    writer.append(ownership == .held ? "-" : "(\(ownership.rawValue))")
  }.explained(
    "Where it says a word in parentheses, no process holds the socket; the word says why.")

  // Timer, memory and the small attributes.

  static let details: [Column<Socket>] = [
    .written("timer", "Timer", "timer that runs, time left, retransmits") { socket, _, writer in
      guard let timer = socket.timer, timer.kind != 0 else {
        return writer.append(UInt8(ascii: "-"))
      }
      writer.append(timer.name)
      writer.append(UInt8(ascii: ","))
      SSTimer.appendTime(timer.expires, to: &writer)
      writer.append(UInt8(ascii: ","))
      writer.append(decimal: UInt32(timer.retransmits))
    },
    .number(
      "drops", "Drops", "packets, of a listener connections, dropped at this socket",
      needs: .memory
    ) { .count($0.details?.drops) }
    .explained("Of a listener it counts segments, and each retry of a client again."),
    .number("rmem", "Rmem", "memory of received data, bytes", needs: .memory) {
      .count($0.details?.memory?.receiveAllocated)
    },
    .number("rcvbuf", "Rcvbuf", "limit of that memory, bytes", needs: .memory) {
      .count($0.details?.memory?.receiveLimit)
    },
    .number("wmem", "Wmem", "memory of data to send, bytes", needs: .memory) {
      .count($0.details?.memory?.sendQueued)
    },
    .number("sndbuf", "Sndbuf", "limit of that memory, bytes", needs: .memory) {
      .count($0.details?.memory?.sendLimit)
    },
    .number("mark", "Mark", "SO_MARK", needs: .attributes) { .count($0.details?.mark) },
    .number("tos", "TOS", "IP_TOS", needs: .attributes) { .count($0.details?.typeOfService) },
    .number("tclass", "Tclass", "IPV6_TCLASS", needs: .attributes) {
      .count($0.details?.trafficClass)
    },
    .number("class-id", "ClassID", "net_cls class or SO_PRIORITY", needs: .attributes) {
      .count($0.details?.classID)
    },
    Column(
      "shutdown", "Shut", "open directions: <-> both, --> sending only", needs: .attributes
    ) { socket, _ in
      guard let mask = socket.details?.shutdown else { return .unknown }
      return .words((mask & 1 == 0 ? "<-" : "--") + (mask & 2 == 0 ? ">" : "-"))
    },
    .name("congestion", "Congestion", "congestion control", needs: .tcp) { socket, _ in
      socket.details?.congestion
    },
    .name("ulp", "ULP", "upper layer protocol: tls, mptcp", needs: .tcp) { socket, _ in
      socket.details?.upperLayerName
    },
  ]

  /// Every field of `tcp_info`, named as in JSON; the state has its column already.
  static let tcp: [Column<Socket>] = TCPInfoField.all.dropFirst().map { field in
    .number(
      String(field.key.map { $0 == "_" ? "-" : $0 }), field.name,
      "tcp_info \(field.name), \(field.unit.words), since Linux \(field.since)", needs: .tcp
    ) { .count($0.tcpInfo(field)) }
  }
}

extension Value {
  /// Distinct process ids in ascending order.
  static func processes(_ owners: [Owner]) -> Value {
    let processes = Set(owners.map(\.process)).sorted()
    return processes.isEmpty
      ? .unknown : .words(processes.map(String.init).joined(separator: ","))
  }

  /// A network namespace by its name, else by its number.
  static func namespace(_ inode: UInt32, _ context: any SocketContext) -> Value {
    if let name = context.namespaceName(inode) { return .name(name.rawBytes) }
    return inode == 0 ? .unknown : .words(String(inode))
  }
}

extension TCPInfoField {
  /// The name with its unit: the JSON key, and with dashes the column's name.
  var key: String {
    switch unit {
    case .microseconds: "\(name)_us"
    case .milliseconds: "\(name)_ms"
    case .bytesPerSecond: "\(name)_bytes_per_s"
    default: name
    }
  }
}

extension TCPInfoField.Unit {
  var words: String {
    switch self {
    case .count: "a count"
    case .bytes: "bytes"
    case .segments: "segments"
    case .microseconds: "microseconds"
    case .milliseconds: "milliseconds"
    case .bytesPerSecond: "bytes per second"
    case .flags: "bits"
    }
  }
}
