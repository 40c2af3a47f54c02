import ProcNet

/// A listener's queue is nearly full for long, or grows while nothing is accepted.
struct AcceptQueueFilling: Rule {
  static let kind = FindingKind(
    id: "accept-queue-filling", rank: .queueEffect, severities: [.warning],
    title: "The accept queue is filling up",
    means: "Connections arrive faster than the program accepts them; the queue will be full soon.",
    condition:
      """
      At every look the accept queue was above 70 % of its limit, and a connection that waited \
      at the first look waits still; or the queue grew and not one connection was accepted \
      meanwhile; or nothing was accepted, the oldest has been waiting for 2 s or longer, and \
      what the server's threads do may not be seen. A burst that drains within the interval is \
      none.
      """,
    explanation:
      """
      A queue that is nearly empty most of the time is healthy, and so is one that fills in a \
      burst and drains at once. This one did not drain: the oldest of its connections has been \
      waiting for longer than the interval. When it is full, new clients will be dropped, and \
      until then everybody in it waits.
      """,
    remedy: [
      """
      Look at what the accepting threads do between two calls of `accept(2)`; accept first, work \
      elsewhere.
      """,
      "Serve more at once: more workers, threads or event loops behind the listener.",
      """
      If the program keeps up on average, let the queue hold a burst: raise the backlog of \
      `listen(2)` and `net.core.somaxconn`.
      """,
    ],
    avoid: [
      """
      put a long queue in front of a program that is too slow: it adds waiting time and \
      serves nobody faster.
      """
    ],
    check: ["sockinspect listen --interval 1 :PORT", "sockinspect listen --waiting :PORT"],
    demo: ["worker-join"])

  /// Per cent of the limit: what is left is gone within the next burst.
  static let highShare: UInt64 = 70
  /// Milliseconds after which connections at a queue that stands still are told of although there
  /// is room, if nobody can see what the server does: a server at work accepts within a few.
  static let longWait: UInt32 = 2000

  func findings(in host: HostObservation) -> [Finding] {
    host.listeners.compactMap { listener in
      listener.keepsFull ? nil : reason(listener).map { finding(listener, $0) }
    }
  }

  private enum Reason { case high, grows, stands }

  private func reason(_ listener: ObservedListener) -> Reason? {
    guard listener.isStuck else { return nil }
    if listener.isHigh { return .high }
    guard listener.standsStill else { return nil }
    if listener.span != nil, listener.length > (listener.lengths.first ?? 0) { return .grows }
    let waits = (listener.listener.acceptQueue?.oldest ?? 0) >= Self.longWait
    return waits ? .stands : nil
  }

  private func finding(_ listener: ObservedListener, _ reason: Reason) -> Finding {
    let queue = QueueDescription(listener)
    var finding = Finding(
      Self.kind, .warning, title(listener, reason), about: .listener(listener.name),
      confidence: listener.span == nil ? .likely : .certain)
    finding.story = [
      [queue.state, queue.holders].compactMap { $0 }.joined(separator: " "), queue.losses,
    ].compactMap { $0 }
    finding.evidence = queue.evidence
    finding.isFallback = reason == .stands
    finding.waiting = Finding.Waiting(
      connections: Int(listener.length),
      oldest: listener.listener.acceptQueue?.oldest.map(UInt64.init))
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }

  private func title(_ listener: ObservedListener, _ reason: Reason) -> String {
    let name = "The accept queue of \(listener.name.text)"
    let figures = QueueDescription(listener).figures
    switch reason {
    case .high:
      return "\(name) is \(Phrase.percent(listener.length, of: listener.limit ?? 0)) % full and "
        + "does not drain: \(figures)"
    case .grows:
      let first = listener.lengths.first ?? 0
      return "\(name) grew from \(first) to \(listener.length) and nothing was accepted"
    case .stands:
      let age = Phrase.duration(listener.listener.acceptQueue?.oldest ?? 0)
      return "Nothing is accepted at \(listener.name.text): "
        + "\(Phrase.count(listener.length, "connection")) \(listener.length == 1 ? "waits" : "wait")"
        + ", the oldest for \(age)"
    }
  }
}

extension ObservedListener {
  /// Above the share of its limit that counts as nearly full, at every look.
  var isHigh: Bool {
    guard let limit else { return false }
    return lengths.allSatisfy {
      UInt64($0) * 100 > UInt64(limit) * AcceptQueueFilling.highShare
    }
  }
}
