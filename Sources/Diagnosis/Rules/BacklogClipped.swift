import ProcNet

/// The limit of a listener that needed a longer queue is the most that the kernel allows.
struct BacklogClipped: Rule {
  static let kind = FindingKind(
    id: "backlog-clipped", rank: .aside, severities: [.notice],
    title: "The kernel has cut the backlog",
    means:
      """
      The limit of the accept queue equals net.core.somaxconn: the program may have asked for \
      more.
      """,
    condition:
      """
      The limit of a listener equals `net.core.somaxconn`, and the listener has dropped \
      connections or its queue was above half of the limit in one of the samples.
      """,
    explanation:
      """
      The limit of an accept queue is the smaller one of two numbers, as they were when the \
      program called `listen(2)`: the backlog that it asked for, and `net.core.somaxconn`. Equal \
      numbers suggest that the program asked for more, such as 65535. The kernel does not keep \
      what it asked for.
      """,
    remedy: [
      """
      If bursts overflow the queue: raise `net.core.somaxconn` and restart or reload the program, \
      so that it calls `listen(2)` again.
      """
    ],
    avoid: [
      "raise it for a program that does not accept: see accept-queue-full.",
      """
      expect a running listener to change: its limit was fixed when the program called \
      `listen(2)`.
      """,
    ],
    check: ["ss -ltn 'sport = :PORT'", "sysctl net.core.somaxconn"],
    demo: [])

  func findings(in host: HostObservation) -> [Finding] {
    host.listeners.compactMap { listener in
      guard let limit = listener.limit, limit > 0, listener.socket.state == .listen,
        let most = host.settings[listener.socket.namespace]?.mostBacklog,
        Int64(limit) == most, needsMore(listener, limit)
      else { return nil }
      return finding(listener, limit)
    }
  }

  /// It has dropped, or was above half of its limit.
  private func needsMore(_ listener: ObservedListener, _ limit: UInt32) -> Bool {
    (listener.listener.drops ?? 0) > 0 || listener.lengths.contains { $0 > limit / 2 }
  }

  private func finding(_ listener: ObservedListener, _ limit: UInt32) -> Finding {
    var finding = Finding(
      Self.kind, .notice,
      "The backlog of \(listener.name.text) is \(limit), the most that net.core.somaxconn allows",
      about: .listener(listener.name), confidence: .possible)
    let queue = QueueDescription(listener)
    finding.story = [
      [
        "The program may have asked for more than \(limit); the kernel does not keep that number.",
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
