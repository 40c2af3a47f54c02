import ProcNet

/// A listener's queue is nearly full for long, or grows while nothing is accepted.
struct AcceptQueueFillingRule: Rule {
  static let kind = FindingDescription.acceptQueueFilling

  /// Per cent of the limit: what is left is gone within the next burst.
  static let highShare: UInt64 = 70
  /// Milliseconds after which connections at a queue that stands still are told of although there
  /// is room, if nobody can see what the server does: a server at work accepts within a few.
  static let longWait: UInt32 = 2000

  func findings(in file: CaseFile) -> [Finding] {
    file.listeners.compactMap { listener in
      listener.keepsFull ? nil : reason(listener, file).map { finding(listener, $0) }
    }
  }

  private enum Reason { case high, grows, stands }

  private func reason(_ listener: ListenerCase, _ file: CaseFile) -> Reason? {
    guard listener.isStuck else { return nil }
    if listener.isHigh { return .high }
    guard listener.standsStill else { return nil }
    if listener.span != nil, listener.length > (listener.lengths.first ?? 0) { return .grows }
    let waits = (listener.listener.acceptQueue?.oldest ?? 0) >= Self.longWait
    return waits && isUnseen(listener, file) ? .stands : nil
  }

  /// No rule that looks at threads can say what the server does.
  private func isUnseen(_ listener: ListenerCase, _ file: CaseFile) -> Bool {
    file.servers.filter { $0.listener.socket.inode == listener.socket.inode }
      .allSatisfy { $0.isOpaque || $0.members.isEmpty }
  }

  private func finding(_ listener: ListenerCase, _ reason: Reason) -> Finding {
    let queue = QueueTelling(listener)
    var finding = Finding(
      Self.kind, .warning, title(listener, reason), about: .listener(listener.name),
      confidence: listener.span == nil ? .likely : .certain)
    finding.story = [
      [queue.state, queue.holders].compactMap { $0 }.joined(separator: " "), queue.losses,
    ].compactMap { $0 }
    finding.evidence = queue.evidence
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }

  private func title(_ listener: ListenerCase, _ reason: Reason) -> String {
    let name = "The accept queue of \(listener.name.text)"
    let figures = QueueTelling(listener).figures
    switch reason {
    case .high:
      return "\(name) is \(Words.percent(listener.length, of: listener.limit ?? 0)) % full and "
        + "does not drain: \(figures)"
    case .grows:
      let first = listener.lengths.first ?? 0
      return "\(name) grew from \(first) to \(listener.length) and nothing was accepted"
    case .stands:
      let age = Words.duration(listener.listener.acceptQueue?.oldest ?? 0)
      return "Nothing is accepted at \(listener.name.text): "
        + "\(Words.count(listener.length, "connection")) \(listener.length == 1 ? "waits" : "wait")"
        + ", the oldest for \(age)"
    }
  }
}

extension ListenerCase {
  /// Above the share of its limit that counts as nearly full, at every look.
  var isHigh: Bool {
    guard let limit else { return false }
    return lengths.allSatisfy {
      UInt64($0) * 100 > UInt64(limit) * AcceptQueueFillingRule.highShare
    }
  }
}
