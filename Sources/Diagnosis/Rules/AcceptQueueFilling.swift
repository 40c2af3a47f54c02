import ProcNet

/// A listener's queue stays nearly full, or grows while nothing is accepted.
struct AcceptQueueFilling: Rule {
  static let kind = FindingKind(
    id: "accept-queue-filling", rank: .queueEffect, severities: [.warning],
    title: "The accept queue is filling up",
    means: "Connections arrive faster than the program accepts them; the queue will be full soon.",
    condition:
      """
      A connection of the first sample still waits in the last one, the queue is not full, and \
      one of three holds: in every sample the queue was at least 70 % full; or it grew and \
      none of the connections of the first sample was accepted; or the oldest has been waiting \
      for 2 s or longer, and no other finding about the listener or its owner says why. A burst \
      that drains within the interval is not reported.
      """,
    explanation:
      """
      A healthy queue is empty most of the time, or fills in a burst and drains at once. This one \
      did not drain: its oldest connection has been waiting for longer than the interval. Every \
      client in the queue waits, and once it is full, the kernel drops new ones.
      """,
    remedy: [
      """
      See what the accepting threads do between two calls of `accept(2)`; accept first, work \
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
      put a long queue in front of a program that is too slow: clients wait longer, and none is \
      served sooner.
      """
    ],
    check: ["sockinspect listen --interval 1 :PORT", "sockinspect listen --waiting :PORT"],
    demo: ["worker-join"])

  /// Per cent of what it takes: what is left is gone within the next burst.
  static let highFill: UInt64 = 70
  /// Milliseconds after which connections at a queue that does not move are reported although
  /// there is room, where no other finding says why: a server at work accepts within a few.
  static let longWait: UInt32 = 2000

  func findings(in host: HostObservation) -> [Finding] {
    host.listeners.compactMap { listener in
      listener.keepsFull ? nil : reason(listener).map { finding(listener, $0) }
    }
  }

  private enum Reason { case high, grows, stands, ages }

  private func reason(_ listener: ObservedListener) -> Reason? {
    guard listener.isStuck else { return nil }
    if listener.isHigh { return .high }
    // Where the kernel tells no age, a stopped process that may be the owner says more.
    let isTold = listener.listener.acceptQueue?.oldest != nil
    if !isTold, listener.hiddenOwner?.halted.isEmpty == false { return nil }
    let waits = (listener.longestWait?.milliseconds ?? 0) >= UInt64(Self.longWait)
    guard listener.standsStill else { return waits ? .ages : nil }
    if listener.span != nil, listener.length > (listener.lengths.first ?? 0) { return .grows }
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
    finding.isFallback = reason == .stands || reason == .ages
    finding.waiting = Finding.Waiting(listener)
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }

  private func title(_ listener: ObservedListener, _ reason: Reason) -> String {
    let name = "The accept queue of \(listener.name.text)"
    let figures = QueueDescription(listener).figures
    switch reason {
    case .high:
      return "\(name) is \(listener.length.percent(of: listener.limit ?? 0)) % full and "
        + "does not drain: \(figures)"
    case .grows:
      let first = listener.lengths.first ?? 0
      return "\(name) grew from \(first) to \(listener.length) and nothing was accepted"
    case .ages:
      let age = listener.longestWait?.text ?? ""
      return "Connections wait up to \(age) at \(listener.name.text) to be accepted: "
        + "\(listener.length) wait now"
    case .stands:
      let age = listener.longestWait?.text ?? ""
      let count = Phrase.count(listener.length, "connection")
      return "Nothing is accepted at \(listener.name.text): "
        + "\(count) \(listener.length == 1 ? "waits" : "wait"), the oldest for \(age)"
    }
  }
}

extension ObservedListener {
  /// How long a connection has been waiting to be accepted: what the kernel tells, else, where
  /// nothing was accepted, the time between the samples in which one was seen; nil where neither is
  /// known.
  var longestWait: (milliseconds: UInt64, text: String)? {
    if let oldest = listener.acceptQueue?.oldest {
      return (UInt64(oldest), Phrase.duration(oldest))
    }
    guard let span, stillWaiting > 0, taken == 0 else { return nil }
    return (span, "at least \(Phrase.duration(span))")
  }

  /// Its queue was nearly full in every sample.
  var isHigh: Bool {
    guard let limit else { return false }
    return lengths.allSatisfy {
      AcceptQueue.fill($0, of: limit).percent >= AcceptQueueFilling.highFill
    }
  }
}
