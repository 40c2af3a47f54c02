import ProcNet

/// Threads that should serve wait for the answer of another server.
struct WaitsUpstream: Rule {
  static let kind = FindingKind(
    id: "waits-upstream", rank: .upstream, severities: [.notice],
    title: "Threads wait for another server",
    means:
      """
      Threads that should serve wait for the answer of another server: the trouble lies there.
      """,
    condition:
      """
      Clients wait at a listener, no thread waits for new connections, and threads that should \
      serve wait (in a read or write, or in poll or select) for one connection that their process \
      opened itself. Connections without an answer to their SYN or with unacknowledged data do \
      not count. A notice on its own; other findings name it as their cause.
      """,
    explanation:
      """
      The server is a client as well: of an application, a database, a cache, a name server. Its \
      threads wait for that peer's answer, and so its own clients wait for them. If the peer is \
      on this host, the finding follows the chain into it and says what it waits for in turn. If \
      it is remote, ask the same questions there.
      """,
    remedy: [
      "Begin at the end of the chain; everything before it recovers on its own.",
      """
      Give calls to other servers time-outs, and limit how many threads may wait for the same \
      one.
      """,
    ],
    avoid: [
      """
      add threads or a longer queue in front: they put more load on the server that is already \
      late.
      """
    ],
    check: ["ss -tanp | grep pid=PID,", "sockinspect diagnose PEER", "ss -tni dst PEER"],
    demo: ["event-blocked-upstream", "upstream-chain"])

  func findings(in host: HostObservation) -> [Finding] {
    host.servers.compactMap { server in
      guard BlockKind.of(server) != .none else { return nil }
      let waiting = server.blockers.filter { isUpstream($0, host) }
      return waiting.first.map { finding(host, server, waiting, $0) }
    }
  }

  /// The thread waits for a connection that its process opened itself.
  private func isUpstream(_ blocker: AcceptBlocker, _ host: HostObservation) -> Bool {
    guard let socket = blocker.socket, !blocker.isAccepted, socket.state != .synSent,
      !host.isUnacknowledged(socket.inode), host.isOutgoing(socket)
    else { return false }
    switch blocker.thread.wait.kind {
    case .receive, .send, .connect, .any: return true
    default: return false
    }
  }

  private func finding(
    _ host: HostObservation, _ server: Server, _ waiting: [AcceptBlocker], _ first: AcceptBlocker
  ) -> Finding {
    let words = ServerDescription(host, server)
    let path = WaitChain.follow(first.thread, in: host)
    let target = path.links.first?.waitsFor
    let name = server.listener.name
    let place = first.socket.map { $0.netid.isUnix ? target?.text ?? "" : Phrase.endpoint($0.peer) }
    var finding = Finding(
      Self.kind, .notice,
      """
      \(name.text) waits for \(place ?? "another server"): \
      \(Phrase.count(waiting.count, "thread")) asked and got no answer yet
      """,
      about: .listener(name))
    // The chain has the steps behind the first one.
    finding.story =
      path.links.prefix(1).map { "\($0.process.text) \($0.waiting)." }
      + [EndDescription(host).elsewhere(path)].compactMap(\.self)
    finding.evidence = waiting.prefix(16).flatMap { words.evidence(of: $0) }
    finding.chain = path.links
    finding.check = ServerChecks(server: server).commands(waiting)
    Advice(host, path).apply(to: &finding)
    return finding
  }
}
