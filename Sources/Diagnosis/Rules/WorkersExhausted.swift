import ProcNet

/// Every worker behind a listener is busy or blocked.
struct WorkersExhausted: Rule {
  static let kind = FindingKind(
    id: "workers-exhausted", rank: .server, severities: [.critical],
    title: "All workers are busy",
    means:
      """
      Every process or thread that serves this listener is busy, and clients queue behind them.
      """,
    condition:
      """
      Connections wait in the accept queue. No process or thread behind the listener waited for a \
      new connection in any sample, and several are busy: each computes, or waits for something \
      else. None of the connections of the first sample was accepted, or the queue was full in \
      every sample. A queue that moves while the workers compute is reported as overloaded.
      """,
    explanation:
      """
      Servers with a fixed number of processes or threads (MaxRequestWorkers of Apache) serve \
      just as many connections at once, and an idle connection occupies a worker as well as a \
      busy one does. When the last worker is taken, the kernel still completes new connections, \
      and they wait in the accept queue. What the workers wait for is the cause: slow or silent \
      clients, another server, or the thread that has a lock.
      """,
    remedy: WorkersRemedy.allCases.map { "If they \($0.condition): \($0.text)" } + [
      "If memory allows and the load is legitimate: more workers."
    ],
    avoid: [
      """
      add workers that will wait for the same slow thing: they pass the load on to what is \
      already stuck.
      """,
      "lengthen the accept queue: it hides the shortage until all clients have timed out.",
    ],
    check: [
      "sockinspect listen --waiting :PORT",
      "grep . /proc/PID/task/*/syscall",
      "ss -tanp 'sport = :PORT'",
    ],
    demo: ["prefork-full", "pool-exhausted", "pool-lock", "upstream-chain"])

  func findings(in host: HostObservation) -> [Finding] {
    host.servers.compactMap { server in
      guard server.listener.standsStill || (server.listener.isStuck && server.listener.isFull),
        !Overloaded.applies(to: server, host),
        BlockKind.of(server) == .workers
      else { return nil }
      return finding(host, server)
    }
  }

  private func finding(_ host: HostObservation, _ server: Server) -> Finding {
    let words = ServerDescription(host, server)
    let workers = Workers(host, server)
    let path = workers.groups.first?.path
    let name = server.listener.name
    var finding = Finding(
      Self.kind, .critical,
      "\(name.text) accepts no new connections: \(workers.headline)",
      about: .listener(name), confidence: workers.isCertain ? .certain : .likely)
    finding.story = [
      "\(words.model) None of them would accept the next connection: \(workers.sentence)."
    ]
    finding.workers = workers.rows
    if workers.groups.allSatisfy({ $0.path.links.count < 2 }) { finding.clause = workers.headline }
    finding.waiting = Finding.Waiting(server.listener)
    if !server.masters.isEmpty {
      finding.story.append(
        """
        \(Phrase.list(server.masters.map(\.text))) \(server.masters.count == 1 ? "has" : "have") \
        the listener open as well, but \(server.masters.count == 1 ? "does" : "do") not accept.
        """
      )
    }
    finding.story += [path.flatMap { EndDescription(host).elsewhere($0) }, words.waiting]
      .compactMap(\.self)
    finding.evidence =
      words.evidence
      + [
        Evidence(
          "busy workers", workers.count, unit: workers.word, source: "/proc/PID/task/TID/syscall"
        )
        .on(server.listener.socket)
      ] + workers.blockers.prefix(16).flatMap { words.evidence(of: $0) }
    finding.chain = path?.links ?? []
    finding.otherChains = workers.groups.dropFirst().map(\.path.links)
    finding.check = ServerChecks(server: server).commands(workers.blockers)
    if let remedy = WorkersRemedy.text(for: workers.groups) {
      finding.remedy = remedy + finding.remedy.suffix(1)
    }
    if workers.groups.count == 1, let path { Advice(host, path).apply(to: &finding) }
    return finding
  }
}
