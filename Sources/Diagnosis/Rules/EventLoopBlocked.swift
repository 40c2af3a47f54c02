import ProcNet

/// The event loop that should accept is not in its wait for events.
struct EventLoopBlocked: Rule {
  static let kind = FindingKind(
    id: "event-loop-blocked", rank: .server, severities: [.critical],
    title: "The event loop is stuck",
    means: "The thread that should wait for all connections at once is stuck in one piece of work.",
    condition:
      """
      Connections wait and none of the first sample was accepted, or accepted connections have \
      data that the server did not read over the interval. In no sample did a thread behind the \
      listener wait for events on it (epoll_wait, poll, select). Instead the thread of each event \
      loop computes (30 % of a CPU or more), or waits for one thing: a connection, a lock, a \
      file, a child or a timer. A loop that accepts, computes and has sent something to a client \
      within the interval is not reported.
      """,
    explanation:
      """
      An event loop serves many connections with one thread by never waiting for a single one of \
      them. If one handler computes for long, sleeps, waits for another server's answer, or waits \
      for a lock, all connections stop: those in the accept queue and those that the loop has \
      served for hours.
      """,
    remedy: [
      """
      Move long computations and blocking calls out of the loop, to a thread or process of their \
      own.
      """,
      "Use the framework's non-blocking client for calls to other servers, with a time-out.",
      """
      Find the place in the code: a stack of the thread (`gdb`, `py-spy`, `perf`) shows it while \
      it is stuck.
      """,
    ],
    avoid: [
      "raise the backlog or the limit on open files: neither is what the loop waits for.",
      "add event loops before the cause is known: each gets stuck at its first such request.",
    ],
    check: [
      "cat /proc/PID/task/TID/syscall",
      "grep -E 'State|ctxt' /proc/PID/task/TID/status",
      "top -H -p PID",
    ],
    demo: ["event-spin", "event-sleep", "event-blocked-upstream"])

  func findings(in host: HostObservation) -> [Finding] {
    host.servers.compactMap { server in
      guard server.listener.standsStill || server.owesReads,
        BlockKind.of(server) == .loop
      else { return nil }
      return finding(host, server)
    }
  }

  /// A loop that is only busy: it computes, and has sent something to a client since the first
  /// sample. It may have its reasons not to read from some clients.
  private func isBusy(_ loop: ObservedThread, _ server: Server, _ host: HostObservation) -> Bool {
    guard !server.listener.standsStill, loop.wait.kind == .running, let span = host.span else {
      return false
    }
    return server.members.flatMap(\.accepted).contains { inode in
      (host.metrics[inode]?[.lastDataSent]).map { $0 < span } ?? false
    }
  }

  private func finding(_ host: HostObservation, _ server: Server) -> Finding? {
    let loops = server.members.filter { $0.isLoop && !$0.process.isHalted }
    let blockers = loops.flatMap(\.blockers).filter { isAway($0.thread, host) }
    guard let blocker = blockers.first, blockers.count == loops.count,
      !isBusy(blocker.thread, server, host)
    else { return nil }
    let words = ServerDescription(host, server)
    let path = WaitChain.follow(blocker.thread, in: host)
    let name = server.listener.name
    let who = loops.count == 1 ? "its event loop" : "each of its \(loops.count) event loops"
    var finding = Finding(
      Self.kind, .critical,
      "\(name.text) answers no one: \(who) \(away(blocker, path, host))",
      about: .listener(name), confidence: blocker.thread.earlier == nil ? .likely : .certain)
    let clients =
      switch server.accepted {
      case 0: "clients get"
      case 1: "the one client that it has and all new ones get"
      case let count: "the \(count) clients that it has and all new ones get"
      }
    finding.story = [
      """
      \(words.model) The loop is not in its wait for events\(instead(blocker, host)). Until it \
      returns there, \(clients) no answer.
      """
    ]
    if !host.isIdle(blocker.thread) {
      finding.story += [EndDescription(host).elsewhere(path)].compactMap(\.self)
    }
    if server.listener.length > 0 { finding.story.append(words.waiting) }
    finding.evidence = words.evidence + blockers.flatMap { words.evidence(of: $0) }
    if !host.isIdle(blocker.thread) { finding.chain = path.links }
    finding.waiting = Finding.Waiting(server.listener)
    finding.check = ServerChecks(server: server).commands(blockers)
    if !host.isIdle(blocker.thread) { Advice(host, path).apply(to: &finding) }
    return finding
  }

  /// The thread of the loop differs from others only in its wait, or when one stands out.
  private func away(
    _ blocker: AcceptBlocker, _ path: WaitPath, _ host: HostObservation
  ) -> String {
    host.isIdle(blocker.thread)
      ? "is not in its wait: no thread waits in the epoll that watches the listener"
      : EndDescription(host).headline(path)
  }

  private func instead(_ blocker: AcceptBlocker, _ host: HostObservation) -> String {
    host.isIdle(blocker.thread)
      ? ", and it cannot be seen which of its threads should be there"
      : ": its thread \(WaitDescription(host).doing(blocker.thread))"
  }

  /// Not in its wait for events; a loop that computes does so over the whole interval.
  private func isAway(_ thread: ObservedThread, _ host: HostObservation) -> Bool {
    if thread.wait.kind == .running || thread.earlier?.kind == .running {
      return thread.burns(over: host.interval)
    }
    // A nested loop blocks it if that one waits for a single thing.
    return thread.wait.kind != .unknown && (thread.wait.epoll == nil || !host.isIdle(thread))
  }
}
