import ProcNet

/// The only thread that accepts is blocked in something else.
struct ServerBlockedRule: Rule {
  static let kind = FindingDescription.serverBlocked

  func findings(in file: CaseFile) -> [Finding] {
    file.servers.compactMap { server in
      guard server.listener.standsStill, Hindrance.of(server) == .single,
        let obstacle = server.obstacles.first
      else { return nil }
      return finding(file, server, obstacle)
    }
  }

  private func finding(_ file: CaseFile, _ server: ServerCase, _ obstacle: Obstacle) -> Finding {
    let words = ServerWords(file, server)
    let path = WaitChain.follow(obstacle.thread, in: file)
    let age = path.links.first?.since
    let name = server.listener.name
    var finding = Finding(
      Self.kind, .critical,
      "\(name.text) answers nobody: its only accepting thread \(EndWords(file).headline(path))",
      about: .listener(name), confidence: obstacle.thread.isSteady == nil ? .likely : .certain)
    finding.story = [words.shape + " " + doing(file, obstacle, age)]
    finding.story += [EndWords(file).elsewhere(path), words.waiting].compactMap(\.self)
    finding.evidence = words.evidence + words.evidence(of: obstacle)
    finding.chain = path.links
    if let freeing = freeing(file, obstacle, path) { finding.beginRemedy(with: freeing) }
    finding.check = ServerChecks(server: server).commands([obstacle])
    return finding
  }

  private func doing(_ file: CaseFile, _ obstacle: Obstacle, _ age: UInt64?) -> String {
    let text = "That thread \(WaitWords(file).doing(obstacle.thread))"
    guard obstacle.isAccepted, obstacle.thread.wait.kind != .send, let age else {
      return text + "."
    }
    return text + ", which has sent nothing for \(Words.duration(age))."
  }

  /// How to free it now, when one connection is in the way.
  private func freeing(
    _ file: CaseFile, _ obstacle: Obstacle, _ path: WaitChain.Path
  ) -> String? {
    if let freeing = EndWords(file).freeing(path) { return freeing }
    guard obstacle.isAccepted, let socket = obstacle.socket, !socket.netid.isUnix else {
      return nil
    }
    return "To free it now, close that connection: \(EndWords.closing(SocketName(socket)))"
  }
}
