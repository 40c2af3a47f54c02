import ProcNet

/// A TCP listener keeps new clients out: more connections wait than its limit allows.
struct AcceptQueueFullRule: Rule {
  static let kind = FindingDescription.acceptQueueFull

  func findings(in file: CaseFile) -> [Finding] {
    file.listeners.filter { $0.socket.netid == .tcp && $0.keepsFull }.map { finding($0, file) }
  }

  private func finding(_ listener: ListenerCase, _ file: CaseFile) -> Finding {
    let queue = QueueTelling(listener)
    var finding = Finding(
      Self.kind, .critical, "The accept queue of \(listener.name.text) is full: \(queue.figures)",
      about: .listener(listener.name), confidence: listener.span == nil ? .likely : .certain)
    let clients = stuckClients(of: listener, file)
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

  private func stuckClients(of listener: ListenerCase, _ file: CaseFile) -> Int {
    file.last.notable.values.count {
      $0.state == .synSent && $0.peer.port == listener.socket.local.port
        && $0.namespace == listener.socket.namespace
    }
  }
}

extension ListenerCase {
  /// Full at every look, and not a queue that is at its brim and flows: somebody waits all the
  /// time, or clients were dropped.
  var keepsFull: Bool { isFull && (isStuck || (newDrops ?? 0) > 0) }
}
