import ProcNet

/// Threads that should serve wait for the answer of another server.
struct WaitsUpstreamRule: Rule {
  static let kind = FindingDescription.waitsUpstream

  func findings(in file: CaseFile) -> [Finding] {
    file.servers.compactMap { server in
      guard Hindrance.of(server) != .none else { return nil }
      let waiting = server.obstacles.filter { isUpstream($0) }
      return waiting.first.map { finding(file, server, waiting, $0) }
    }
  }

  /// A connection that the server began itself.
  private func isUpstream(_ obstacle: Obstacle) -> Bool {
    guard obstacle.socket != nil, !obstacle.isAccepted else { return false }
    switch obstacle.thread.wait.kind {
    case .receive, .send, .connect, .any: return true
    default: return false
    }
  }

  private func finding(
    _ file: CaseFile, _ server: ServerCase, _ waiting: [Obstacle], _ first: Obstacle
  ) -> Finding {
    let words = ServerWords(file, server)
    let path = WaitChain.follow(first.thread, in: file)
    let target = path.links.first?.waitsFor
    let name = server.listener.name
    let place = first.socket.map { $0.netid.isUnix ? target?.text ?? "" : Words.endpoint($0.peer) }
    var finding = Finding(
      Self.kind, .notice,
      """
      \(name.text) waits for \(place ?? "another server"): \(Words.count(waiting.count, "thread")) \
      asked and got no answer yet
      """,
      about: .listener(name))
    // The steps behind the first one stand in the chain.
    finding.story =
      path.links.prefix(1).map { link in
        """
        \(link.process.text) \
        \(link.since.map { "has been waiting \(Words.duration($0))" } ?? "waits")\
        \(link.call.map { " in \($0)()" } ?? "")\
        \(link.descriptor.map { " on fd \($0)" } ?? "") \
        for \(link.waitsFor?.text ?? "the next").
        """
      } + [EndWords(file).elsewhere(path)].compactMap(\.self)
    finding.evidence = waiting.prefix(16).flatMap { words.evidence(of: $0) }
    finding.chain = path.links
    if let freeing = EndWords(file).freeing(path) { finding.beginRemedy(with: freeing) }
    finding.check = ServerChecks(server: server).commands(waiting)
    return finding
  }
}
