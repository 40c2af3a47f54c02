import ProcNet

/// A process waits for an answer that only it could give.
struct SelfCall: Rule {
  static let kind = FindingKind(
    id: "self-call", rank: .condition, severities: [.critical],
    title: "The server waits for itself",
    means: "A process waits for an answer on a connection that waits in its own accept queue.",
    condition:
      """
      A thread that should serve waits on a connection whose other end is in the accept queue of \
      a listener that its own process owns, and no thread behind the listener waits for new \
      connections.
      """,
    explanation:
      """
      While it serves a request, the server calls its own address, such as its own API by its \
      public name, and waits for the answer. The call sits in the accept queue until a thread is \
      free. If there is one thread, or if all of them are in such a call, none gets free: a \
      deadlock that ends only with a time-out.
      """,
    remedy: [
      "To free it at once, close its call with `sockinspect kill`.",
      "Call the function instead of the service.",
      """
      If it has to be a request, give it a time-out, and serve such requests with workers of \
      their own.
      """,
    ],
    avoid: [
      "add just one worker: two such requests at the same time, and it is stuck again.",
      "raise the backlog: nothing is accepted, so clients only wait longer.",
    ],
    check: [
      "ss -tanp 'dport = :PORT'",
      "cat /proc/PID/task/TID/syscall",
      "sockinspect listen --waiting :PORT",
    ],
    demo: ["self-call"])

  func findings(in host: HostObservation) -> [Finding] {
    host.servers.compactMap { server in
      guard BlockKind.of(server) != .none else { return nil }
      let own = server.blockers.compactMap { blocker -> (AcceptBlocker, WaitPath)? in
        let path = WaitChain.follow(blocker.thread, in: host)
        if case .ownQueue = path.end { return (blocker, path) }
        return nil
      }
      return own.first.map { finding(host, server, $0.0, $0.1) }
    }
  }

  private func finding(
    _ host: HostObservation, _ server: Server, _ blocker: AcceptBlocker, _ path: WaitPath
  ) -> Finding {
    let words = ServerDescription(host, server)
    let name = server.listener.name
    let process = blocker.thread.process
    var finding = Finding(
      Self.kind, .critical,
      """
      \(process.text) waits for an answer from itself: its own request is in the accept queue of \
      \(name.text)
      """,
      about: .process(process))
    finding.story = [
      """
      \(words.model) It \(WaitDescription(host).doing(blocker.thread)). The other end of that \
      connection has not been accepted: it is in the accept queue of the same process. Only a \
      time-out ends that.
      """,
      words.waiting,
    ]
    finding.evidence = words.evidence + words.evidence(of: blocker)
    finding.chain = path.links
    if let call = blocker.socket, !call.netid.isUnix {
      finding.beginRemedy(
        with: "To free it now, close its call: \(EndDescription.closing(SocketName(call)))")
    }
    finding.check = ServerChecks(server: server).commands([blocker])
    return finding
  }
}
