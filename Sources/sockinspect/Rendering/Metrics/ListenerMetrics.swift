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
    ) { .count($0.socket.netid == .udp ? $0.socket.receiveQueue : nil) },
    Metric(
      name: MetricName(
        "receive_queue_limit_bytes", .gauge, unit: "bytes", "UDP: limit of that memory.")
    ) { .count($0.socket.netid == .udp ? $0.socket.details?.memory?.receiveLimit : nil) },
  ]

  static let connections = MetricName(
    "connections", .gauge,
    "Connections that this listener let in and that still have a holder, by state.")

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
