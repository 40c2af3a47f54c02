import ProcNet

/// More connections wait at a TCP listener than its limit allows: new clients cannot connect.
struct AcceptQueueFull: Rule {
  static let kind = FindingKind(
    id: "accept-queue-full", rank: .queue, severities: [.critical],
    title: "The accept queue is full",
    means:
      """
      More connections wait to be accepted than the limit of the queue; new clients cannot \
      connect.
      """,
    condition:
      """
      In every sample more connections wait in the accept queue of a TCP listener than its limit, \
      and either a connection of the first sample still waits in the last one, or the listener \
      dropped some in between. The kernel lets in one connection more than the limit says, so a \
      queue whose length equals its limit still has room for one.
      """,
    explanation:
      """
      The kernel finishes handshakes on its own and puts the connections into the listener's \
      accept queue, where they wait until the program calls `accept(2)`. Here the program takes \
      them out too slowly, or not at all. While the queue is full, the kernel drops the SYN of \
      every new client. The client stays in SYN-SENT and retransmits it after 1 s, 2 s, 4 s and \
      so on: to its user the service is slow or dead, not refused. The full queue is a symptom; \
      another finding about the same listener usually names the cause.
      """,
    remedy: [
      "Fix what stops the program from accepting; the findings about its threads say what that is.",
      """
      If it accepts all the time and only bursts overflow the queue, raise both limits: the \
      backlog that the program gives to `listen(2)`, and `net.core.somaxconn`. Restart or reload \
      the program: the new limit holds from its next `listen(2)`.
      """,
    ],
    avoid: [
      "raise the backlog while nothing is accepted: more clients wait, and longer.",
      """
      set `net.ipv4.tcp_abort_on_overflow` to 1: bursts that would pass after a moment then fail \
      for good.
      """,
    ],
    check: [
      "ss -ltn 'sport = :PORT'",
      "sockinspect listen --waiting :PORT",
      "nstat -az TcpExtListenOverflows TcpExtListenDrops",
    ],
    demo: [
      "serial-blocked",
      "prefork-full",
      "pool-exhausted",
      "event-spin",
      "stopped",
      "abandoned-queue",
    ])

  func findings(in host: HostObservation) -> [Finding] {
    let full = host.listeners.filter { $0.socket.netid == .tcp && $0.keepsFull }
    let clients = full.isEmpty ? [:] : stuckClients(in: host)
    return full.map { listener in
      finding(listener, clients[SocketCounts.Port(listener.socket)] ?? 0, host)
    }
  }

  private func finding(
    _ listener: ObservedListener, _ clients: Int, _ host: HostObservation
  ) -> Finding {
    let queue = QueueDescription(listener)
    var finding = Finding(
      Self.kind, .critical, "The accept queue of \(listener.name.text) is full: \(queue.figures)",
      about: .listener(listener.name), confidence: listener.span == nil ? .likely : .certain)
    finding.story = [
      [queue.state, queue.holders].compactMap { $0 }.joined(separator: " "),
      [newcomers(clients), queue.losses].compactMap { $0 }.joined(separator: " "),
    ]
    finding.waiting = Finding.Waiting(listener)
    finding.evidence = queue.evidence
    if clients > 0 {
      finding.evidence.append(
        Evidence(
          "clients of this host in SYN-SENT", clients, unit: "connections",
          source: "sock_diag rows towards the listener"
        ).on(listener.socket))
    }
    if listener.owners.isEmpty, let way = host.wayToOwners {
      finding.beginRemedy(
        with: "\(way): what stops the program from accepting shows in its threads.")
    }
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }

  private func newcomers(_ clients: Int) -> String {
    let local = clients == 0 ? "" : " (\(clients) of this host \(clients == 1 ? "does" : "do") now)"
    return "A client that connects now gets no answer and waits in SYN-SENT\(local)."
  }

  /// Clients of this host in SYN-SENT, by the port that they connect to.
  private func stuckClients(in host: HostObservation) -> [SocketCounts.Port: Int] {
    var counts: [SocketCounts.Port: Int] = [:]
    for socket in host.last.notable.values where socket.state == .synSent {
      let port = SocketCounts.Port(namespace: socket.namespace, port: socket.peer.port)
      counts[port, default: 0] += 1
    }
    return counts
  }
}

extension ObservedListener {
  /// Full in every sample, and not a queue that is full but moves: a connection waits all the time,
  /// or clients were dropped.
  var keepsFull: Bool { isFull && (isStuck || (newDrops ?? 0) > 0) }
}
