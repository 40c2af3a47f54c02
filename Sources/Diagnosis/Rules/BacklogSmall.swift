import ProcNet

/// A listener whose queue holds only a few connections has dropped some.
struct BacklogSmall: Rule {
  static let kind = FindingKind(
    id: "backlog-small", rank: .aside, severities: [.notice],
    title: "The backlog is very small",
    means:
      """
      The accept queue of this listener has room for only a few connections, and it has \
      overflowed.
      """,
    condition:
      """
      The limit of a TCP listener is 16 or less, the listener has dropped connections, and the \
      limit is not that of `net.core.somaxconn`. A small limit alone is not reported.
      """,
    explanation:
      """
      Frameworks and examples call `listen(2)` with numbers such as 5 or 10. A few clients at the \
      same instant fill such a queue. The others retry after a second or later, even though the \
      program is fast enough.
      """,
    remedy: [
      """
      Give `listen(2)` a larger backlog, 128 or more, where the program or its configuration sets \
      it.
      """
    ],
    avoid: [
      "raise `net.core.somaxconn` alone: the smaller number counts, and that is the program's.",
      "answer with a larger backlog where the program is blocked.",
    ],
    check: ["ss -ltnm 'sport = :PORT'"],
    demo: [])

  /// What examples and old programs give to listen: 5, 10, 16. A burst of that many clients is
  /// common.
  static let small: UInt32 = 16

  func findings(in host: HostObservation) -> [Finding] {
    host.listeners.compactMap { listener in
      guard listener.socket.netid == .tcp, let limit = listener.limit, limit <= Self.small,
        let drops = listener.listener.drops, drops > 0,
        host.settings[listener.socket.namespace]?.mostBacklog != Int64(limit)
      else { return nil }
      return finding(listener, limit, drops)
    }
  }

  private func finding(_ listener: ObservedListener, _ limit: UInt32, _ drops: UInt32) -> Finding {
    var finding = Finding(
      Self.kind, .notice,
      "The backlog of \(listener.name.text) is only \(limit), and it has dropped "
        + "\(Phrase.count(drops, "attempt")) to connect",
      about: .listener(listener.name), confidence: .likely)
    let queue = QueueDescription(listener)
    finding.story = [[queue.losses, queue.holders].compactMap { $0 }.joined(separator: " ")]
    finding.evidence = queue.evidence
    finding.fill(Placeholders(listener.name))
    return finding
  }
}
