import ProcNet

/// Requests wait inside a server for one of a few connections, and all of those are in use.
struct PoolExhausted: Rule {
  static let kind = FindingKind(
    id: "pool-exhausted", rank: .server, severities: [.critical],
    title: "A pool of connections is used up",
    means:
      """
      A server has a fixed number of connections to another one; all are in use, and further \
      requests wait for one of them.
      """,
    condition:
      """
      Requests have been read and not answered for 2 s or longer, and one of two holds. Fewer \
      threads or calls of the process work on them than there are requests, and for each of the \
      others a thread fell asleep at a lock about when the request came. Or no thread works on \
      any of them, and database sessions at the other end of the process's connections say that \
      they are idle in a transaction.
      """,
    explanation:
      """
      A pool lends requests its connections to a database or another service. When the requests \
      that have one wait for something, the next request waits for a connection: on a condition \
      variable, so its thread looks idle, and no socket has anything queued. The pool is where \
      they wait, not the cause: the cause is what the requests with a connection wait for.
      """,
    remedy: [
      "See what the requests that have a connection wait for, and fix that.",
      "Do not call other services while a connection or transaction is open; give both time-outs.",
      "Make the pool larger only if the other side can serve as many at once.",
    ],
    avoid: ["make the pool larger while requests that hang have those connections."],
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
    if stall.path.end.isKnown {
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
