import ProcNet

/// The loop that owns the listener is not in its wait.
struct EventLoopBlockedRule: Rule {
  static let kind = FindingDescription.eventLoopBlocked

  func findings(in file: CaseFile) -> [Finding] {
    file.servers.compactMap { server in
      guard server.listener.standsStill || server.isOwed,
        Hindrance.of(server) == .loop
      else { return nil }
      return finding(file, server)
    }
  }

  /// A loop that is only busy: it computes, and has sent something to a client since the first look.
  /// Whoever it does not read from, it may leave waiting on purpose.
  private func isBusy(_ loop: ThreadCase, _ server: ServerCase, _ file: CaseFile) -> Bool {
    guard !server.listener.standsStill, loop.wait.kind == .running, let span = file.span else {
      return false
    }
    return server.members.flatMap(\.accepted).contains { inode in
      (file.metrics[inode]?[.lastDataSent]).map { $0 < span } ?? false
    }
  }

  private func finding(_ file: CaseFile, _ server: ServerCase) -> Finding? {
    let loops = server.members.filter { $0.isLoop && !$0.process.isHalted }
    let obstacles = loops.flatMap(\.obstacles).filter { isAway($0.thread, file) }
    guard let obstacle = obstacles.first, obstacles.count == loops.count,
      !isBusy(obstacle.thread, server, file)
    else { return nil }
    let words = ServerWords(file, server)
    let path = WaitChain.follow(obstacle.thread, in: file)
    let name = server.listener.name
    let who = loops.count == 1 ? "its event loop" : "each of its \(loops.count) event loops"
    var finding = Finding(
      Self.kind, .critical,
      "\(name.text) answers nobody: \(who) \(away(obstacle, path, file))",
      about: .listener(name), confidence: obstacle.thread.earlier == nil ? .likely : .certain)
    let clients =
      switch server.accepted {
      case 0: "clients get"
      case 1: "the one client that it has and all new ones get"
      case let count: "the \(count) clients that it has and all new ones get"
      }
    finding.story = [
      """
      \(words.shape) The loop is not in its wait for events\(instead(obstacle, file)). As long as \
      it does, \(clients) no answer.
      """
    ]
    if !IdleSleep.isIdle(obstacle.thread) {
      finding.story += [EndWords(file).elsewhere(path)].compactMap(\.self)
    }
    if server.listener.length > 0 { finding.story.append(words.waiting) }
    finding.evidence = words.evidence + obstacles.flatMap { words.evidence(of: $0) }
    if !IdleSleep.isIdle(obstacle.thread) { finding.chain = path.links }
    finding.check = ServerChecks(server: server).commands(obstacles)
    return finding
  }

  /// Which thread runs the loop shows only while it is in its wait, or when one stands out.
  private func away(
    _ obstacle: Obstacle, _ path: WaitChain.Path, _ file: CaseFile
  ) -> String {
    IdleSleep.isIdle(obstacle.thread)
      ? "is not in its wait: no thread waits in the epoll that watches the listener"
      : EndWords(file).headline(path)
  }

  private func instead(_ obstacle: Obstacle, _ file: CaseFile) -> String {
    IdleSleep.isIdle(obstacle.thread)
      ? ", and which of its threads should be does not show"
      : ": its thread \(WaitWords(file).doing(obstacle.thread))"
  }

  /// At both looks elsewhere; for a loop that burns the processor, all the time.
  private func isAway(_ thread: ThreadCase, _ file: CaseFile) -> Bool {
    if thread.wait.kind == .running || thread.earlier?.kind == .running {
      return thread.burns(over: file.interval)
    }
    return thread.wait.epoll == nil && thread.wait.kind != .unknown
  }
}
