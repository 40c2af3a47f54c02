import ProcNet

/// The thread that accepts waits for a child process after each connection.
struct AcceptorWaitsChild: Rule {
  static let kind = FindingKind(
    id: "acceptor-waits-child", rank: .server, severities: [.critical],
    title: "The accepting thread waits for a child process",
    means:
      """
      The server starts a process for a connection and waits for it to end before it accepts the \
      next.
      """,
    condition:
      """
      A connection of the first sample still waits in the accept queue. No thread behind the \
      listener waited for a new connection in either sample, and in both the thread that should \
      accept waited for a child process: in wait4, in waitid, or in poll on a pidfd. Or its \
      process waits for children that it started for one connection each, at a pipe or socket \
      pair as well.
      """,
    explanation:
      """
      The server looks parallel, since each connection has a process of its own. But the parent \
      waits for that process before it accepts the next connection, so only one works at a time. \
      The server accepts one client per request time, or one per second if the wait has such a \
      time-out.
      """,
    remedy: [
      """
      Do not wait in the accepting thread: reap children on SIGCHLD, or with `waitpid(2)` and \
      WNOHANG after each accept; detach threads.
      """,
      """
      Check the time-out of the join: with 1 s it is one connection a second, however fast the \
      children are.
      """,
    ],
    avoid: [
      "raise the backlog: it holds clients for a few more seconds, at the same rate.",
      "ignore SIGCHLD blindly in a program that needs its children's exit status.",
    ],
    check: [
      "cat /proc/PID/task/TID/syscall",
      "cat /proc/PID/task/TID/children",
      "sockinspect listen --interval 5 :PORT",
    ],
    demo: ["worker-join"])

  func findings(in host: HostObservation) -> [Finding] {
    host.servers.compactMap { server in
      guard server.listener.isStuck, BlockKind.of(server) == .child,
        let blocker = server.blockers.first(where: { $0.thread.stays(.child) })
          ?? (server.handlers.isEmpty ? nil : server.blockers.first)
      else { return nil }
      return finding(host, server, blocker)
    }
  }

  private func finding(_ host: HostObservation, _ server: Server, _ blocker: AcceptBlocker)
    -> Finding
  {
    let words = ServerDescription(host, server)
    let name = server.listener.name
    var finding = Finding(
      Self.kind, .critical,
      """
      \(name.text) accepts \(pace(server)): the thread that should accept waits for a child process
      """,
      about: .listener(name), confidence: blocker.thread.earlier == nil ? .likely : .certain)
    finding.story = [
      """
      \(words.processNames) accepts connections for its children to serve. It \
      \(WaitDescription(host).doing(blocker.thread)), and accepts no connection until the child \
      ends or the time is up.
      """,
      words.waiting,
    ]
    finding.evidence = words.evidence + words.evidence(of: blocker)
    if let span = host.span {
      finding.evidence.append(
        Evidence(
          "accepted in \(Phrase.duration(span))", server.listener.taken, unit: "connections",
          source: "rows with inode 0 at the listener"
        ).on(server.listener.socket))
    }
    finding.chain = WaitChain.follow(blocker.thread, in: host).links
    finding.waiting = Finding.Waiting(server.listener)
    finding.check = ServerChecks(server: server).commands([blocker])
    return finding
  }

  private func pace(_ server: Server) -> String {
    guard let span = server.listener.span else { return "too slowly" }
    let taken = server.listener.taken
    return taken == 0
      ? "no connection" : "only \(Phrase.count(taken, "connection")) in \(Phrase.duration(span))"
  }
}
