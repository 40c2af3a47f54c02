import ProcNet

extension ColumnSet<Socket> {
  /// The columns of `list`.
  static let sockets = ColumnSet(groups: [
    { SocketColumns.row }, { SocketColumns.processes }, { SocketColumns.details },
    { SocketColumns.tcp },
  ])

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
    "netid", "Netid",
    "kind of socket: `tcp`, `udp`, `raw`, `u_str`, `u_dgr`, `u_seq`, `p_raw` or `p_dgr`"
  ) { socket, _, writer in writer.append(socket.netid.name) }
  .explained(
    """
    Those with `u_` are unix sockets (stream, datagram and seqpacket), those with `p_` packet \
    sockets (raw and datagram).
    """)

  private static let state = Column<Socket>.written("state", "State", "state as ss names it") {
    socket, _, writer in
    if let name = socket.state.knownName {
      writer.append(name)
    } else {
      writer.append(socket.state.name)
    }
  }.explained(
    """
    It is `ESTAB`, `SYN-SENT`, `SYN-RECV`, `FIN-WAIT-1`, `FIN-WAIT-2`, `TIME-WAIT`, `UNCONN`, \
    `CLOSE-WAIT`, `LAST-ACK`, `LISTEN`, `CLOSING`, or `BOUND`: bound, neither listening nor \
    connected. A state that this version does not know is shown by its number, as `state 42`.
    """
  ).usually(wide: 10).toned { socket, context in
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
    { $0.queues.recvQ }
  ).explained(
    """
    The peer's FIN counts as one byte. Of UDP it is memory, not bytes of data; of a unix datagram \
    socket the size of the first message.
    """
  ).aliased(["recvq"]).toned { socket, context in
    isFull(socket) ? .alarm : context.ownership(of: socket) == .timeWait ? .faint : .plain
  }

  private static let sendQ = queue(
    "send-q", "Send-Q", "bytes not acknowledged yet; of a listener: limit of the accept queue",
    { $0.queues.sendQ }
  ).explained(
    """
    The limit is the smaller one of what the program asked for and `net.core.somaxconn`; the queue \
    is full when it holds one more than that. `/proc/net/tcp` does not have the limit.
    """
  ).aliased(["sendq"])

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
  .usually(wide: 21).explained(
    """
    Behind the address is the interface that the socket is bound to, as `%eth0`. `*` is any address \
    of both families, `0.0.0.0` any of IPv4, `[::]` any of IPv6 only. Of unix sockets it is the \
    path, with `@` for the zero bytes of abstract names, and the inode; of packet sockets protocol \
    and interface.
    """)

  private static let peer = Column<Socket>.written(
    "peer", "Peer Address:Port", "address and port of the other end"
  ) { socket, context, writer in EndpointText.appendPeer(socket, context, to: &writer) }
  .usually(wide: 21).explained("Of unix sockets it is only the inode.")

  private static let ownership = Column<Socket>(
    "standing", "Standing", "whether a process owns the socket, or why none does",
    needs: .ownership
  ) { socket, context in .words(context.ownership(of: socket).rawValue) }
  .explained(nil, words: Ownership.allCases.map { ($0.rawValue, $0.meaning) })

  private static let inode = Column<Socket>.number(
    "inode", "Inode", "inode of the socket; 0 when no process owns it"
  ) { .count($0.inode) }.explained(
    "It is 0 for connections in an accept queue, in TIME-WAIT and SYN-RECV, and for orphans.")

  private static let uid = Column<Socket>.number("uid", "UID", "user id of the creator") {
    .count($0.uid)
  }

  private static let user = Column<Socket>.name("user", "User", "user name of the creator") {
    socket, context in
    guard let uid = socket.uid else { return nil }
    return context.userName(uid) ?? Array(String(uid).utf8)
  }

  private static let cookie = Column<Socket>(
    "cookie", "Cookie", "the kernel's own number of the socket, hexadecimal"
  ) { socket, _ in socket.cookie.map { .words(String($0, radix: 16)) } ?? .unknown }
  .explained("It is not used twice while the host runs.")

  private static let family = Column<Socket>(
    "family", "Family", "address family: `inet`, `inet6`, `unix` or `link`"
  ) { socket, _ in .words(socket.family.name) }.explained("`link` is packet sockets.")

  private static let netns = Column<Socket>(
    "netns", "Netns", "network namespace: name, or inode number"
  ) { socket, context in .namespace(socket.namespace, context) }.usually(wide: 10)

  private static let interface = Column<Socket>.name(
    "interface", "Interface", "interface that the socket is bound to"
  ) { socket, context in
    guard socket.interface != 0 else { return nil }
    return context.interfaceName(socket.interface, in: socket.namespace)
      ?? Array("if\(socket.interface)".utf8)
  }.aliased(["dev"])

  private static let path = Column<Socket>.name(
    "path", "Path",
    "unix: the bound name; an abstract one begins with `@`, and its zero bytes are `@`"
  ) { socket, _ in socket.path.map(EndpointText.visible) }

  private static let age = Column<Socket>.number(
    "age", "Age-ms", "queued connections: milliseconds since the handshake ended",
    needs: [.tcp, .ownership]
  ) { .count($0.queuedAge) }
  .explained("That is, for how long the client has been waiting to be served.").also("age-ms")

  private static let fill = Column<Socket>.number(
    "fill", "Fill", "listeners: per cent of what the accept queue takes, its limit and one more"
  ) { .percent(AcceptQueue(of: $0)?.fill?.percent) }

  private static func isFull(_ socket: borrowing Socket) -> Bool {
    AcceptQueue(of: socket)?.isFull ?? false
  }

  // Who holds a socket, and what it belongs to.

  static let processes: [Column<Socket>] = [
    process,
    .name("command", "Command", "command of the first owner", needs: .owners) {
      socket, context in context.owners(of: socket).last?.command
    }.aliased(["comm"]),
    Column("pid", "PID", "process ids of all owners", needs: .owners) { socket, context in
      .processes(context.owners(of: socket))
    },
    .written(
      "peer-process", "Peer Process", "owners of the other end, when it is on this host",
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
      "service", "Service", "systemd unit of the socket or its owner",
      needs: [.attributes, .owners]
    ) { socket, context in context.service(of: socket)?.rawBytes }
    .explained(belonging),
    .name(
      "container", "Container", "container of the socket or its owner: name or short id",
      needs: [.attributes, .owners]
    ) { socket, context in context.container(of: socket)?.rawBytes }
    .explained(belonging),
  ]

  private static let belonging =
    "It follows from the cgroup of the socket's creator, or else of the first owner."

  private static let process = Column<Socket>.written(
    "process", "Process", "all owners, or why there is none", needs: [.owners, .ownership]
  ) { socket, context, writer in
    let owners = context.owners(of: socket)
    if !owners.isEmpty {
      writer.append("users:")
      return SSOwners.append(owners, to: &writer)
    }
    let ownership = context.ownership(of: socket)
    writer.append(ownership == .held ? "-" : "(\(ownership.rawValue))")
  }.explained(
    "A word in parentheses says why no process owns the socket, as in `standing`.")

  // Timer, memory and the small attributes.

  static let details: [Column<Socket>] = [
    .written("timer", "Timer", "timer that runs, time left, retransmissions") {
      socket, _, writer in
      guard let timer = socket.timer, timer.kind != 0 else {
        return writer.append(UInt8(ascii: "-"))
      }
      writer.append(timer.name)
      writer.append(UInt8(ascii: ","))
      SSTimer.appendTime(timer.expires, to: &writer)
      writer.append(UInt8(ascii: ","))
      writer.append(decimal: UInt32(timer.retransmits))
    }.explained(
      """
      `on` is for retransmission, `keepalive` asks an idle peer, `timewait` ends the connection, \
      `persist` probes a closed window, `delack` holds an acknowledgement back.
      """),
    .number(
      "drops", "Drops", "packets, of a listener connections, dropped at this socket",
      needs: .memory
    ) { .count($0.details?.drops) }
    .explained("Of a listener it counts segments, and each retry of a client again."),
    .number("rmem", "Rmem", "memory of what was received and not read, bytes", needs: .memory) {
      .count($0.details?.memory?.receiveAllocated)
    }.also("receive-allocated"),
    .number(
      "rcvbuf", "Rcvbuf", "limit of the memory for receiving, `SO_RCVBUF`, bytes", needs: .memory
    ) {
      .count($0.details?.memory?.receiveLimit)
    }.also("receive-limit"),
    .number(
      "wmem", "Wmem", "memory of what was written and is not acknowledged, bytes", needs: .memory
    ) {
      .count($0.details?.memory?.sendQueued)
    }.also("send-queued"),
    .number(
      "sndbuf", "Sndbuf", "limit of the memory for sending, `SO_SNDBUF`, bytes", needs: .memory
    ) {
      .count($0.details?.memory?.sendLimit)
    }.also("send-limit"),
    .number(
      "mark", "Mark", "mark of the socket for routing and firewalls, `SO_MARK`", needs: .attributes
    ) { .count($0.details?.mark) }.aliased(["fwmark"]),
    .number("tos", "TOS", "type of service of IPv4, `IP_TOS`", needs: .attributes) {
      .count($0.details?.typeOfService)
    },
    .number("tclass", "Tclass", "traffic class of IPv6, `IPV6_TCLASS`", needs: .attributes) {
      .count($0.details?.trafficClass)
    },
    .number("class-id", "Class-ID", "class of net_cls, or `SO_PRIORITY`", needs: .attributes) {
      .count($0.details?.classID)
    },
    Column(
      "shutdown", "Shutdown", "open directions: `<->` both, `-->` sending only", needs: .attributes
    ) { socket, _ in
      guard let mask = socket.details?.shutdown else { return .unknown }
      return .words((mask & 1 == 0 ? "<-" : "--") + (mask & 2 == 0 ? ">" : "-"))
    }.explained("`<--` is receiving only, `---` neither."),
    .name("congestion", "Congestion", "name of the congestion control", needs: .tcp) { socket, _ in
      socket.details?.congestion
    },
    .name("ulp", "ULP", "upper layer protocol: `tls`, `mptcp`", needs: .tcp) { socket, _ in
      socket.details?.upperLayerName
    },
  ]

  /// Every field of `tcp_info`, named as in JSON; the state has its column already.
  static let tcp: [Column<Socket>] = TCPInfoDescription.all.dropFirst().map { described in
    let field = described.field
    let name = String(field.key.map { $0 == "_" ? "-" : $0 })
    return .number(name, name, described.meaning, needs: .tcp) { .count($0.tcpInfo(field)) }
      .explained(described.detail).aliased(NumericField.words(for: field))
  }
}

extension Ownership {
  /// One sentence without its full stop.
  var meaning: String {
    switch self {
    case .held: "a process, or the kernel itself, owns the socket"
    case .queued:
      "the connection is complete and waits in an accept queue: no process serves it yet"
    case .handshake: "the handshake is under way at a listener: the row is one of its SYN queue"
    case .timeWait:
      "the connection is over; the kernel keeps the pair of ports for a minute, without a socket"
    case .orphan: "the program has closed the connection; the kernel still brings it to an end"
    case .unknown: "no process owns the socket, and neither its state nor a listener tells why"
    }
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
