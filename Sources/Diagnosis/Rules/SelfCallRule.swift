import ProcNet

/// A process waits for an answer that only it could give.
struct SelfCallRule: Rule {
  static let kind = FindingDescription.selfCall

  func findings(in file: CaseFile) -> [Finding] {
    file.servers.compactMap { server in
      guard Hindrance.of(server) != .none else { return nil }
      let own = server.obstacles.compactMap { obstacle -> (Obstacle, WaitChain.Path)? in
        let path = WaitChain.follow(obstacle.thread, in: file)
        if case .ownQueue = path.end { return (obstacle, path) }
        return nil
      }
      return own.first.map { finding(file, server, $0.0, $0.1) }
    }
  }

  private func finding(
    _ file: CaseFile, _ server: ServerCase, _ obstacle: Obstacle, _ path: WaitChain.Path
  ) -> Finding {
    let words = ServerWords(file, server)
    let name = server.listener.name
    let process = obstacle.thread.process
    var finding = Finding(
      Self.kind, .critical,
      """
      \(process.text) waits for an answer from itself: its own request is in the accept queue of \
      \(name.text)
      """,
      about: .process(process))
    finding.story = [
      """
      \(words.shape) It \(WaitWords(file).doing(obstacle.thread)). The other end of that \
      connection has not been accepted: it waits in the accept queue of the very process that \
      waits for it. Nothing but a time-out ends that.
      """,
      words.waiting,
    ]
    finding.evidence = words.evidence + words.evidence(of: obstacle)
    finding.chain = path.links
    if let call = obstacle.socket, !call.netid.isUnix {
      finding.beginRemedy(
        with: "To free it now, close its call: \(EndWords.closing(SocketName(call)))")
    }
    finding.check = ServerChecks(server: server).commands([obstacle])
    return finding
  }
}
