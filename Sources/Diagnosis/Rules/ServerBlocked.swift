import ProcNet

/// The only thread that accepts is blocked in something else.
struct ServerBlocked: Rule {
  static let kind = FindingKind(
    id: "server-blocked", rank: .server, severities: [.critical],
    title: "The only thread that accepts is blocked",
    means:
      """
      One thread both accepts and serves, and it waits for something else while clients queue.
      """,
    condition:
      """
      Connections wait in the accept queue and none of the first sample was accepted. No thread \
      behind the listener waited for a new connection in either sample, and exactly one is busy: \
      it computes, or waits for something else, such as one connection, a lock, a file or a \
      timer.
      """,
    explanation:
      """
      A serial server accepts a connection, serves it to its end and only then accepts the next. \
      While its one client sends nothing or does not read its answer, or while something behind \
      the server does not answer, no other client is served, however little there is to do. One \
      silent connection is enough, and it may be a harmless one: a pooled connection, a health \
      check, or a browser that connects in advance.
      """,
    remedy: [
      """
      To free it at once, end the client that it waits for, or close that connection with \
      `sockinspect kill`.
      """,
      "Give every read and write on a client's connection a time-out.",
      "Serve clients side by side: processes, threads, or an event loop.",
    ],
    avoid: [
      "raise the backlog: nothing is accepted, so clients only wait longer.",
      "restart it without a time-out: the next silent client blocks it again.",
    ],
    check: ["cat /proc/PID/task/TID/syscall", "ls -l /proc/PID/fd/FD", "ss -tanp 'sport = :PORT'"],
    demo: ["serial-blocked", "abandoned-queue", "connect-stuck", "unix-backlog"])

  func findings(in host: HostObservation) -> [Finding] {
    host.servers.compactMap { server in
      guard server.listener.standsStill, BlockKind.of(server) == .single,
        let blocker = server.blockers.first
      else { return nil }
      return finding(host, server, blocker)
    }
  }

  private func finding(_ host: HostObservation, _ server: Server, _ blocker: AcceptBlocker)
    -> Finding
  {
    let words = ServerDescription(host, server)
    let path = WaitChain.follow(blocker.thread, in: host)
    let age = path.links.first?.since
    let name = server.listener.name
    var finding = Finding(
      Self.kind, .critical,
      "\(name.text) answers no one: \(who(blocker)) \(EndDescription(host).headline(path))",
      about: .listener(name), confidence: blocker.thread.isSteady == nil ? .likely : .certain)
    finding.story = [words.model + " " + doing(host, blocker, age)]
    finding.story += [EndDescription(host).elsewhere(path), words.waiting].compactMap(\.self)
    finding.evidence = words.evidence + words.evidence(of: blocker)
    finding.chain = path.links
    finding.waiting = Finding.Waiting(server.listener)
    finding.check = ServerChecks(server: server).commands([blocker])
    Advice(host, path).apply(to: &finding)
    if let freeing = freeing(host, blocker, path), finding.remedy.first != freeing {
      finding.remedy.insert(freeing, at: 0)
    }
    return finding
  }

  /// The thread by its own name, where it is one of several.
  private func who(_ blocker: AcceptBlocker) -> String {
    let thread = blocker.thread
    if thread.thread == thread.process.process { return "its only accepting thread" }
    return "its thread \(thread.thread) (\(thread.ownName))"
  }

  private func doing(_ host: HostObservation, _ blocker: AcceptBlocker, _ age: UInt64?) -> String {
    let text = "That thread \(WaitDescription(host).doing(blocker.thread))"
    guard blocker.isAccepted, blocker.thread.wait.kind != .send, let age else {
      return text + "."
    }
    return text + ", which has sent nothing for \(Phrase.duration(age))."
  }

  /// How to free it at once, when it waits for one connection.
  private func freeing(
    _ host: HostObservation, _ blocker: AcceptBlocker, _ path: WaitPath
  ) -> String? {
    if let freeing = EndDescription(host).freeing(path) { return freeing }
    guard blocker.isAccepted, let socket = blocker.socket, !socket.netid.isUnix else {
      return nil
    }
    return "To free it now, close that connection: \(EndDescription.closing(SocketName(socket)))"
  }
}
