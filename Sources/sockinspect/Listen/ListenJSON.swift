import ProcNet

/// Everything that is known of a listener as a JSON object; what is not known has no key.
struct ListenJSON {
  let context: any SocketContext
  let listsWaiting: Bool

  func append(_ row: ListenRow, _ json: inout JSONWriter, _ writer: inout ByteWriter) {
    let socket = row.socket
    json.open("{", &writer)
    json.member("netid", plain: socket.netid.name, &writer)
    json.member("family", plain: socket.family.name, &writer)
    appendPlace(socket, &json, &writer)
    appendIdentity(socket, &json, &writer)
    if row.listener.shards > 1 {
      json.member("shard", UInt64(row.listener.shard + 1), &writer)
      json.member("shards", UInt64(row.listener.shards), &writer)
    }
    appendQueues(row, &json, &writer)
    json.member("drops", row.listener.drops, &writer)
    if let rate = row.rate { append(rate, &json, &writer) }
    appendConnections(row.listener.connections, &json, &writer)
    EndpointJSON.append("owners", context.owners(of: socket), &json, &writer)
    json.member("cgroup", bytes: context.controlGroup(of: socket), &writer)
    json.member("service", bytes: context.service(of: socket)?.rawBytes, &writer)
    json.member("container", bytes: context.container(of: socket)?.rawBytes, &writer)
    if listsWaiting { ListenWaitingJSON.append(row, context, &json, &writer) }
    json.close("}", &writer)
  }

  private func appendPlace(
    _ socket: Socket, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    if socket.netid.isInternet {
      EndpointJSON.append("local", socket.local, &json, &writer)
      json.member("v6only", socket.isV6Only, &writer)
    } else if let path = socket.path {
      json.member("path", bytes: EndpointText.visible(path), &writer)
      json.member("abstract", path.first == 0 ? true : nil, &writer)
    }
    guard socket.interface != 0 else { return }
    let name = context.interfaceName(socket.interface, in: socket.namespace)
    json.member("interface", bytes: name ?? Array("if\(socket.interface)".utf8), &writer)
  }

  private func appendIdentity(
    _ socket: Socket, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    if socket.namespace != 0 { json.member("netns", socket.namespace, &writer) }
    json.member(
      "netns_name", bytes: context.namespaceName(socket.namespace)?.rawBytes, &writer)
    json.member("inode", socket.inode, &writer)
    json.member("uid", socket.uid, &writer)
    if let cookie = socket.cookie {
      json.key("cookie", &writer)
      json.quoted(&writer) { $0.append(hexadecimal: cookie) }
    }
  }

  private func appendQueues(
    _ row: ListenRow, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    if let queue = row.queue {
      json.key("accept_queue", &writer)
      append(queue, &json, &writer)
    } else {
      appendReceiveQueue(row.socket, &json, &writer)
    }
    if let length = row.listener.synQueue {
      json.key("syn_queue", &writer)
      json.open("{", &writer)
      json.member("length", UInt64(clamping: length), &writer)
      json.close("}", &writer)
    }
  }

  private func append(
    _ queue: AcceptQueue, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("length", queue.length, &writer)
    json.member("limit", queue.limit, &writer)
    json.member("full", queue.isFull, &writer)
    json.member("oldest_ms", queue.oldest, &writer)
    json.member("median_ms", queue.median, &writer)
    json.member("p90_ms", queue.ninetieth, &writer)
    json.member("abandoned", queue.abandoned.map { UInt64(clamping: $0) }, &writer)
    json.member("unread_bytes", queue.unreadBytes, &writer)
    json.close("}", &writer)
  }

  /// UDP: the memory of what has arrived and was not read (which is what its receive queue counts),
  /// and the limit of that memory.
  private func appendReceiveQueue(
    _ socket: Socket, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("receive_queue", &writer)
    json.open("{", &writer)
    json.member("memory", socket.unread, &writer)
    json.member("limit", socket.details?.memory?.receiveLimit, &writer)
    json.close("}", &writer)
  }

  private func append(
    _ rate: EventRate, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.member("drops_in_interval", rate.events, &writer)
    json.member("interval_ms", rate.interval, &writer)
    json.key("drops_per_s", &writer)
    json.tenths(rate.tenthsPerSecond, &writer)
  }

  /// ESTAB and CLOSE-WAIT always, others where there are any.
  private func appendConnections(
    _ connections: [SocketState: Int]?, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard let connections else { return }
    let states = Set(connections.keys).union([.established, .closeWait])
    json.key("connections", &writer)
    json.open("{", &writer)
    for state in states.sorted(by: { $0.rawValue < $1.rawValue }) {
      json.key(state.name, &writer)
      json.number(UInt64(clamping: connections[state] ?? 0), &writer)
    }
    json.close("}", &writer)
  }
}

/// The connections that wait at a listener as JSON.
enum ListenWaitingJSON {
  static func append(
    _ row: ListenRow, _ context: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.key("waiting", &writer)
    json.open("[", &writer)
    for waiting in row.listener.waiting { append(waiting, context, &json, &writer) }
    json.close("]", &writer)
    EndpointJSON.append("blocked", row.listener.blocked, &json, &writer)
  }

  private static func append(
    _ waiting: WaitingConnection, _ context: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    if waiting.socket.netid.isInternet {
      EndpointJSON.append("peer", waiting.socket.peer, &json, &writer)
      json.member("state", plain: waiting.socket.state.name, &writer)
      json.member("abandoned", waiting.isAbandoned, &writer)
    }
    json.member("age_ms", waiting.age, &writer)
    json.member("unread_bytes", waiting.unreadBytes, &writer)
    json.member("peer_inode", waiting.clientInode, &writer)
    let clients = WaitingClients.owners(of: waiting, context)
    EndpointJSON.append("peer_owners", clients, &json, &writer)
    json.close("}", &writer)
  }
}
