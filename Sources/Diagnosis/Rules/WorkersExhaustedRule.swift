import ProcNet

/// Every worker behind a listener is busy or blocked.
struct WorkersExhaustedRule: Rule {
  static let kind = FindingDescription.workersExhausted

  func findings(in file: CaseFile) -> [Finding] {
    file.servers.compactMap { server in
      guard server.listener.standsStill || (server.listener.isStuck && server.listener.isFull),
        Hindrance.of(server) == .workers
      else { return nil }
      return finding(file, server)
    }
  }

  private func finding(_ file: CaseFile, _ server: ServerCase) -> Finding {
    let words = ServerWords(file, server)
    let workers = Workers(file, server)
    let path = workers.groups.first?.path
    let name = server.listener.name
    var finding = Finding(
      Self.kind, .critical,
      "\(name.text) answers nobody new: \(workers.headline)",
      about: .listener(name), confidence: workers.isCertain ? .certain : .likely)
    finding.story = [
      "\(words.shape) None of them would accept the next connection: \(workers.sentence)."
    ]
    if !server.keepers.isEmpty {
      finding.story.append(
        """
        \(Words.list(server.keepers.map(\.text))) \(server.keepers.count == 1 ? "holds" : "hold") \
        the listener as well, but \(server.keepers.count == 1 ? "does" : "do") not accept.
        """
      )
    }
    finding.story += [path.flatMap { EndWords(file).elsewhere($0) }, words.waiting]
      .compactMap(\.self)
    finding.evidence =
      words.evidence
      + [
        Evidence(
          "busy workers", workers.count, unit: workers.word, source: "/proc/PID/task/TID/syscall"
        )
        .on(server.listener.socket)
      ] + workers.obstacles.prefix(16).flatMap { words.evidence(of: $0) }
    finding.chain = path?.links ?? []
    if let remedy = WorkersRemedy.text(for: workers.groups) {
      finding.remedy = remedy + finding.remedy.suffix(1)
    }
    finding.check = ServerChecks(server: server).commands(workers.obstacles)
    return finding
  }
}
