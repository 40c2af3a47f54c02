import ProcNet

/// A listener whose queue holds only a few connections has dropped some.
struct BacklogSmallRule: Rule {
  static let kind = FindingDescription.backlogSmall

  /// What examples and old programs give to listen: 5, 10, 16. A burst of so many clients is
  /// nothing unusual.
  static let small: UInt32 = 16

  func findings(in file: CaseFile) -> [Finding] {
    file.listeners.compactMap { listener in
      guard listener.socket.netid == .tcp, let limit = listener.limit, limit <= Self.small,
        let drops = listener.listener.drops, drops > 0,
        file.settings[listener.socket.namespace]?.mostBacklog != Int64(limit)
      else { return nil }
      return finding(listener, limit, drops)
    }
  }

  private func finding(_ listener: ListenerCase, _ limit: UInt32, _ drops: UInt32) -> Finding {
    var finding = Finding(
      Self.kind, .notice,
      "The backlog of \(listener.name.text) is only \(limit), and it has dropped "
        + Words.count(drops, "attempt"),
      about: .listener(listener.name), confidence: .likely)
    let queue = QueueTelling(listener)
    finding.story = [[queue.losses, queue.holders].compactMap { $0 }.joined(separator: " ")]
    finding.evidence = queue.evidence
    finding.fill(Placeholders(listener.name))
    return finding
  }
}
