import ProcNet

/// Requests wait inside a server for one of a few connections that are all in use.
struct PoolExhausted: Rule {
  static let kind = FindingKind(
    id: "pool-exhausted", rank: .server, severities: [.critical],
    title: "A pool of connections is used up",
    means:
      """
      A server keeps a fixed number of connections to another one; all are in use, and further \
      requests wait for one of them.
      """,
    condition:
      """
      A process has read more requests than it has calls to its upstream server open, and for each \
      of the others a thread has been waiting for a lock since that request came; or all its \
      connections to a database are idle in transaction, as the sessions there say, while requests \
      have been waiting for 2 s or longer.
      """,
    explanation:
      """
      A pool hands out connections to a database or another service. When each of them is held \
      by a request that waits for something, the next request waits for a connection: in a \
      condition variable with or without a time-out, so its thread looks idle, and nothing is \
      queued at any socket. The pool is the place where they wait, not the cause: that is \
      whatever keeps those that have a connection.
      """,
    remedy: [
      "See what those that hold the connections wait for, and cure that.",
      """
      Do not call other services while holding a connection or an open transaction; give both \
      time-outs.
      """,
      "Make the pool larger only if the other side can serve as many at once.",
    ],
    avoid: ["make the pool larger while those connections are held by requests that hang."],
    check: ["ss -tnp | grep pid=PID,", "grep . /proc/PID/task/*/syscall"],
    demo: ["database-pool"])

  func findings(in host: HostObservation) -> [Finding] {
    host.stalls.filter { $0.pool != nil && $0.oldest >= RequestUnanswered.patience }
      .map { finding($0, host) }
  }

  private func finding(_ stall: Stall, _ host: HostObservation) -> Finding {
    let words = StallDescription(host, stall)
    let pool = words.pool ?? ""
    var finding = Finding(
      Self.kind, .critical, "\(words.waiting): \(words.poolTitle ?? "its pool is used up")",
      about: .listener(stall.listener.name),
      confidence: host.span == nil ? .possible : .likely)
    finding.story = [words.owing + ". " + pool]
    let steps = words.steps
    if !steps.isEmpty { finding.story.append(steps.joined(separator: " ")) }
    finding.story += [words.abandoned].compactMap(\.self)
    finding.evidence = words.evidence + evidence(stall)
    finding.chain = stall.path.links
    finding.waiting = Finding.Waiting(stall)
    finding.fill(Placeholders(stall.listener.name, process: stall.processes.first?.process))
    if !stall.path.end.isRest {
      let advice = Advice(host, stall.path)
      finding.remedy = advice.remedy.prefix(1) + finding.remedy
      finding.check += advice.check
    }
    return finding
  }

  private func evidence(_ stall: Stall) -> [Evidence] {
    guard let pool = stall.pool else { return [] }
    let process = stall.processes.first?.process
    var facts = [
      Evidence(
        "connections in use", pool.connections.count, unit: "connections",
        source: "/proc/\(process ?? 0)/fd"
      ).of(process: process)
    ]
    if let first = pool.connections.first { facts[0] = facts[0].on(first) }
    if pool.waiting > 0 {
      facts.append(
        Evidence(
          "threads that wait since a request came", pool.waiting, unit: "threads",
          source: "/proc/\(process ?? 0)/task/*/sched se.exec_start"
        ).of(process: process))
    }
    for session in pool.idleInTransaction.prefix(4) {
      facts.append(
        Evidence(
          "session", "idle in transaction", source: "/proc/\(session.process)/cmdline"
        ).of(process: session.process))
    }
    return facts
  }
}
