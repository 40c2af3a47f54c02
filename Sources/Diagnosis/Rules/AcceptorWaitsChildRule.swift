import ProcNet

/// The thread that accepts waits for a child process after each connection.
struct AcceptorWaitsChildRule: Rule {
  static let kind = FindingDescription.acceptorWaitsChild

  func findings(in file: CaseFile) -> [Finding] {
    file.servers.compactMap { server in
      guard server.listener.isStuck, Hindrance.of(server) == .child,
        let obstacle = server.obstacles.first(where: { $0.thread.stays(.child) })
      else { return nil }
      return finding(file, server, obstacle)
    }
  }

  private func finding(_ file: CaseFile, _ server: ServerCase, _ obstacle: Obstacle) -> Finding {
    let words = ServerWords(file, server)
    let name = server.listener.name
    var finding = Finding(
      Self.kind, .critical,
      """
      \(name.text) accepts \(pace(server)): the thread that should accept waits for a child process
      """,
      about: .listener(name), confidence: obstacle.thread.earlier == nil ? .likely : .certain)
    finding.story = [
      """
      \(words.processNames) accepts for others to serve, and then \
      \(WaitWords(file).doing(obstacle.thread)). Until that ends, or its time is up, nobody \
      accepts.
      """,
      words.waiting,
    ]
    finding.evidence = words.evidence + words.evidence(of: obstacle)
    if let span = file.span {
      finding.evidence.append(
        Evidence(
          "accepted in \(Words.duration(span))", server.listener.taken, unit: "connections",
          source: "rows that were in the queue"
        ).on(server.listener.socket))
    }
    finding.chain = WaitChain.follow(obstacle.thread, in: file).links
    finding.check = ServerChecks(server: server).commands([obstacle])
    return finding
  }

  private func pace(_ server: ServerCase) -> String {
    guard let span = server.listener.span else { return "too slowly" }
    let taken = server.listener.taken
    return taken == 0
      ? "nobody" : "only \(Words.count(taken, "connection")) in \(Words.duration(span))"
  }
}
