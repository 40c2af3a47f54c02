import ProcNet

/// The loop that owns the listener is not in its wait.
struct EventLoopBlocked: Rule {
  static let kind = FindingKind(
    id: "event-loop-blocked", rank: .server, severities: [.critical],
    title: "The event loop is stuck",
    means:
      """
      The thread that should wait for all connections at once is held up in one piece of work.
      """,
    condition:
      """
      Connections wait, or received data does, and the thread that watches the listener was \
      outside of its waiting call (epoll_wait, poll, select) in both samples: running and using \
      nearly all of the interval as processor time, or asleep in one other call with no context \
      switch between.
      """,
    explanation:
      """
      An event loop serves many connections with one thread by never waiting for a single one of \
      them. If one handler computes for long, sleeps, asks another server and waits for the \
      answer, or takes a lock that somebody else holds, all connections stand still: those that \
      wait to be accepted and those that have been served for hours.
      """,
    remedy: [
      """
      Move long computations and blocking calls out of the loop, to a thread or process of \
      their own.
      """,
      "Use the framework's non-blocking client for calls to other servers, with a time-out.",
      """
      Find the place in the code: a stack of the thread (`gdb`, `py-spy`, `perf`) shows it \
      while it is stuck.
      """,
    ],
    avoid: [
      "raise the backlog or the limit on open files: the loop does not look at either.",
      """
      add event loops before the cause is known: each will be stuck as soon as it gets such a \
      request.
      """,
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

  /// A loop that is only busy: it computes, and has sent something to a client since the first look.
  /// Whoever it does not read from, it may leave waiting on purpose.
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
      \(words.model) The loop is not in its wait for events\(instead(blocker, host)). As long as \
      it does, \(clients) no answer.
      """
    ]
    if !host.isIdle(blocker.thread) {
      finding.story += [EndDescription(host).elsewhere(path)].compactMap(\.self)
    }
    if server.listener.length > 0 { finding.story.append(words.waiting) }
    finding.evidence = words.evidence + blockers.flatMap { words.evidence(of: $0) }
    if !host.isIdle(blocker.thread) { finding.chain = path.links }
    finding.check = ServerChecks(server: server).commands(blockers)
    if !host.isIdle(blocker.thread) { Advice(host, path).apply(to: &finding) }
    return finding
  }

  /// Which thread runs the loop shows only while it is in its wait, or when one stands out.
  private func away(
    _ blocker: AcceptBlocker, _ path: WaitPath, _ host: HostObservation
  ) -> String {
    host.isIdle(blocker.thread)
      ? "is not in its wait: no thread waits in the epoll that watches the listener"
      : EndDescription(host).headline(path)
  }

  private func instead(_ blocker: AcceptBlocker, _ host: HostObservation) -> String {
    host.isIdle(blocker.thread)
      ? ", and which of its threads should be does not show"
      : ": its thread \(WaitDescription(host).doing(blocker.thread))"
  }

  /// At both samples elsewhere; for a loop that burns the processor, all the time.
  private func isAway(_ thread: ObservedThread, _ host: HostObservation) -> Bool {
    if thread.wait.kind == .running || thread.earlier?.kind == .running {
      return thread.burns(over: host.interval)
    }
    // In the wait of another loop than its own it is blocked, if that one waits for just one thing.
    return thread.wait.kind != .unknown && (thread.wait.epoll == nil || !host.isIdle(thread))
  }
}
