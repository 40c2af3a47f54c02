import ProcNet

/// What is measured at each listener. What is not known of one has no sample.
struct ListenerMetrics {
  struct Metric: Sendable {
    let name: MetricName
    let number: @Sendable (Listener) -> MetricNumber?
  }

  static let all: [Metric] = queues + [drops, synQueue] + receiveQueues

  private static let queues = [
    Metric(
      name: MetricName(
        "accept_queue_length", .gauge, "Connections that wait until the program accepts them.")
    ) { .count($0.acceptQueue?.length) },
    Metric(
      name: MetricName(
        "accept_queue_limit", .gauge, "Limit of the accept queue, which takes one more than that.")
    ) { .count($0.acceptQueue?.limit) },
    Metric(
      name: MetricName(
        "accept_queue_full", .gauge,
        "1 when newcomers are refused because the accept queue is full.")
    ) { .truth($0.acceptQueue?.isFull) },
    Metric(
      name: MetricName(
        "accept_queue_oldest_seconds", .gauge, unit: "seconds",
        "For how long the oldest connection in the accept queue has waited; absent when none waits."
      )
    ) { .milliseconds($0.acceptQueue?.oldest) },
    Metric(
      name: MetricName(
        "accept_queue_abandoned", .gauge,
        "Connections in the accept queue whose client has hung up.")
    ) { .count($0.acceptQueue?.abandoned) },
    Metric(
      name: MetricName(
        "accept_queue_unread_bytes", .gauge, unit: "bytes",
        "Bytes that clients in the accept queue have sent already.")
    ) { .count($0.acceptQueue?.unreadBytes) },
  ]

  private static let drops = Metric(
    name: MetricName(
      "listener_drops", .counter,
      "What was dropped at this socket since it began; each retry of a client counts again.")
  ) { .count($0.drops) }

  private static let synQueue = Metric(
    name: MetricName("syn_queue_length", .gauge, "Handshakes under way at this listener.")
  ) { .count($0.synQueue) }

  private static let receiveQueues = [
    Metric(
      name: MetricName(
        "receive_queue_bytes", .gauge, unit: "bytes",
        "UDP: memory of what has arrived and was not read.")
    ) { .count($0.socket.netid == .udp ? $0.socket.unread : nil) },
    Metric(
      name: MetricName(
        "receive_queue_limit_bytes", .gauge, unit: "bytes", "UDP: limit of that memory.")
    ) { .count($0.socket.netid == .udp ? $0.socket.details?.memory?.receiveLimit : nil) },
  ]

  static let connections = MetricName(
    "connections", .gauge,
    "Connections that this listener let in and that still have an owner, by state.")

  let text: MetricsText
  let listeners: [Listener]
  let labels: [MetricLabels]

  func append(to writer: inout ByteWriter) {
    for metric in Self.all {
      let samples = listeners.indices.compactMap {
        MetricSample(labels[$0], metric.number(listeners[$0]))
      }
      text.family(metric.name, samples, &writer)
    }
    let samples = listeners.indices.flatMap { states(labels[$0], listeners[$0]) }
    text.family(Self.connections, samples, &writer)
  }

  /// ESTAB and CLOSE-WAIT always, others where there are any.
  private func states(_ labels: MetricLabels, _ listener: Listener) -> [MetricSample] {
    guard let connections = listener.connections else { return [] }
    let states = Set(connections.keys).union([.established, .closeWait])
    return states.sorted { $0.rawValue < $1.rawValue }.compactMap { state in
      var labels = labels
      labels.add("state", state.name)
      return MetricSample(labels, .count(connections[state] ?? 0))
    }
  }
}

/// The labels of each listener: where it is, and what it belongs to.
///
/// Sockets that would have the same labels differ by their inode: shards of one address,
/// unix sockets of different file systems, UDP sockets of one group.
struct ListenerLabels {
  let context: any SocketContext

  /// In the order of the listeners; no two are equal.
  func of(_ listeners: [Listener]) -> [MetricLabels] {
    let places = listeners.map { place(of: $0.socket) }
    let counts = places.reduce(into: [MetricLabels: Int]()) { $0[$1, default: 0] += 1 }
    var taken: Set<MetricLabels> = []
    // How many have wanted the same labels: to begin at 1 for each of them would take for ever.
    var numbers: [MetricLabels: Int] = [:]
    return zip(listeners, places).map { listener, place in
      let isShared = listener.shards > 1 || (counts[place] ?? 0) > 1
      var shard = isShared ? String(listener.socket.inode) : nil
      var labels = complete(place, shard, listener.socket)
      let wanted = labels
      var number = numbers[wanted] ?? 1
      while !taken.insert(labels).inserted {
        number += 1
        shard = "\(listener.socket.inode).\(number)"
        labels = complete(place, shard, listener.socket)
      }
      numbers[wanted] = number
      return labels
    }
  }

  private func place(of socket: Socket) -> MetricLabels {
    var labels = Self.namespace(socket.namespace, context.namespaceName(socket.namespace))
    labels.add("netid", socket.netid.name)
    if socket.netid.isInternet {
      labels.add("address", AddressText.string(socket.local.address))
      labels.add("port", String(socket.local.port))
    } else {
      labels.add("path", socket.path.map(EndpointText.visible))
    }
    guard socket.interface != 0 else { return labels }
    let name = context.interfaceName(socket.interface, in: socket.namespace)
    labels.add("interface", name ?? Array("if\(socket.interface)".utf8))
    return labels
  }

  private func complete(
    _ place: MetricLabels, _ shard: String?, _ socket: Socket
  ) -> MetricLabels {
    var labels = place
    labels.add("shard", shard)
    labels.add("service", context.service(of: socket))
    labels.add("container", context.container(of: socket))
    return labels
  }

  /// The name of a network namespace, or else its inode.
  static func namespace(_ inode: UInt32, _ name: String?) -> MetricLabels {
    var labels = MetricLabels()
    labels.add("netns", name ?? (inode == 0 ? nil : String(inode)))
    return labels
  }
}
