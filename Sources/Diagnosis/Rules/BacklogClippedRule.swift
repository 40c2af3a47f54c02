import ProcNet

/// A listener that needed a longer queue has just as long a one as the kernel allows.
struct BacklogClippedRule: Rule {
  static let kind = FindingDescription.backlogClipped

  func findings(in file: CaseFile) -> [Finding] {
    file.listeners.compactMap { listener in
      guard let limit = listener.limit, limit > 0, listener.socket.state == .listen,
        let most = file.settings[listener.socket.namespace]?.mostBacklog,
        Int64(limit) == most, needsMore(listener, limit)
      else { return nil }
      return finding(listener, limit)
    }
  }

  /// It has dropped, or was above half of its limit.
  private func needsMore(_ listener: ListenerCase, _ limit: UInt32) -> Bool {
    (listener.listener.drops ?? 0) > 0 || listener.lengths.contains { $0 > limit / 2 }
  }

  private func finding(_ listener: ListenerCase, _ limit: UInt32) -> Finding {
    var finding = Finding(
      Self.kind, .notice,
      "The backlog of \(listener.name.text) is \(limit), just what net.core.somaxconn allows",
      about: .listener(listener.name), confidence: .possible)
    let queue = QueueTelling(listener)
    finding.story = [
      [
        "The program may have asked for more than \(limit); what it asked for cannot be seen.",
        queue.losses, queue.holders,
      ].compactMap { $0 }.joined(separator: " ")
    ]
    finding.evidence =
      queue.evidence + [
        Evidence(
          "net.core.somaxconn", limit, unit: "connections",
          source: "/proc/sys/net/core/somaxconn")
      ]
    finding.fill(Placeholders(listener.name))
    return finding
  }
}
