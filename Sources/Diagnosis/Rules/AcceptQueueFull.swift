import ProcNet

/// A TCP listener keeps new clients out: more connections wait than its limit allows.
struct AcceptQueueFull: Rule {
  static let kind = FindingKind(
    id: "accept-queue-full", rank: .queue, severities: [.critical],
    title: "The accept queue is full",
    means:
      """
      More connections wait to be accepted than the limit of the queue; new clients are kept out.
      """,
    condition:
      """
      At every look the length of the accept queue is greater than its limit, and either a \
      connection that waited at the first look waits still, or the listener dropped some \
      meanwhile. The kernel lets in one connection more than the limit says, so a queue whose \
      length equals its limit still has room for one.
      """,
    explanation:
      """
      The kernel finishes handshakes by itself and puts the connections into the listener's \
      accept queue, where they wait until the program calls `accept(2)`. Here the program takes \
      them out too slowly, or not at all. While the queue is full, the kernel drops the SYN of \
      every new client. The client stays in SYN-SENT and sends it again, after a second for the \
      first time and ever more rarely later: to its user the service is slow or dead, not \
      refused. The full queue is a symptom; another finding about the same listener usually names \
      the cause.
      """,
    remedy: [
      """
      Cure what keeps the program from accepting; the findings about its threads say what that \
      is.
      """,
      """
      If it does accept all the time and only bursts overflow the queue, raise both limits: the \
      backlog that the program gives to `listen(2)`, and `net.core.somaxconn`. The program must \
      call `listen(2)` again, that is, be restarted or reloaded.
      """,
    ],
    avoid: [
      "raise the backlog while nothing is accepted: more clients wait, and longer.",
      """
      set `net.ipv4.tcp_abort_on_overflow` to 1: bursts that would have passed after a \
      moment then fail for good.
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
    host.listeners.filter { $0.socket.netid == .tcp && $0.keepsFull }.map { finding($0, host) }
  }

  private func finding(_ listener: ObservedListener, _ host: HostObservation) -> Finding {
    let queue = QueueDescription(listener)
    var finding = Finding(
      Self.kind, .critical, "The accept queue of \(listener.name.text) is full: \(queue.figures)",
      about: .listener(listener.name), confidence: listener.span == nil ? .likely : .certain)
    let clients = stuckClients(of: listener, host)
    finding.story = [
      [queue.state, queue.holders].compactMap { $0 }.joined(separator: " "),
      [newcomers(clients), queue.losses].compactMap { $0 }.joined(separator: " "),
    ]
    finding.evidence = queue.evidence
    if clients > 0 {
      finding.evidence.append(
        Evidence(
          "clients of this host in SYN-SENT", clients, unit: "connections",
          source: "sock_diag rows towards the listener"
        ).on(listener.socket))
    }
    if listener.owners.isEmpty {
      finding.beginRemedy(
        with: "Ask as root: what keeps the program from accepting shows in its threads.")
    }
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }

  private func newcomers(_ clients: Int) -> String {
    let local = clients == 0 ? "" : " (\(clients) of this host \(clients == 1 ? "does" : "do") now)"
    return "Whoever tries to connect now gets no answer and waits in SYN-SENT\(local)."
  }

  private func stuckClients(of listener: ObservedListener, _ host: HostObservation) -> Int {
    host.last.notable.values.count {
      $0.state == .synSent && $0.peer.port == listener.socket.local.port
        && $0.namespace == listener.socket.namespace
    }
  }
}

extension ObservedListener {
  /// Full at every look, and not a queue that is at its brim and flows: somebody waits all the
  /// time, or clients were dropped.
  var keepsFull: Bool { isFull && (isStuck || (newDrops ?? 0) > 0) }
}
