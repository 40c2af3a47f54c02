import ProcNet

/// A TCP listener has dropped segments of clients that wanted to connect.
struct AcceptQueueDrops: Rule {
  static let kind = FindingKind(
    id: "accept-queue-drops", rank: .queueEffect, severities: [.warning, .notice],
    title: "The listener has dropped connections",
    means: "The kernel dropped segments of clients that wanted to connect to this listener.",
    condition:
      """
      The listener's own count of drops rose within the interval (warning), or it is above 0 and \
      did not rise (notice). The count is bounded by TcpExtListenDrops of the network namespace, \
      which leaves out the segments that TCP_DEFER_ACCEPT sets aside. Drops of a SYN queue under \
      pressure are reported as syn-queue-pressure.
      """,
    explanation:
      """
      The kernel counts drops for each listening socket. Most are SYNs that found the accept \
      queue full, or final ACKs of handshakes that did. The figure counts segments, not clients: \
      every retry of one client counts again, and so do final ACKs at a listener with \
      TCP_DEFER_ACCEPT, repeated SYNs and packets that a filter drops. A rising count proves that \
      the listener drops something now. It does not say how many clients failed to connect.
      """,
    remedy: [
      "While it rises: see why the accept queue is full, or what else is dropped.",
      """
      When it does not rise: see what happened at the time, in the logs of the program and in \
      monitoring. A larger backlog helps if it was a burst.
      """,
    ],
    avoid: [
      "read the number as a number of refused clients.",
      """
      compare it with TcpExtListenDrops of `nstat`: that one is the sum over all listeners of the \
      network namespace.
      """,
    ],
    check: [
      "ss -ltnm 'sport = :PORT'",
      "sockinspect listen --interval 1 :PORT",
      "sockinspect counters --interval 1 ListenDrops ListenOverflows TCPDeferAcceptDrop",
    ],
    demo: [])

  func findings(in host: HostObservation) -> [Finding] {
    host.listeners.compactMap { listener in
      guard listener.socket.netid == .tcp, !SynQueue(listener, host).isUnderPressure else {
        return nil
      }
      if let new = listener.newDrops, new > 0 { return rising(listener, new) }
      return past(listener, host).map { self.past(listener, $0) }
    }
  }

  /// The listener's count, bounded by that of its namespace: the rest was set aside.
  private func past(_ listener: ObservedListener, _ host: HostObservation) -> UInt32? {
    guard let own = listener.listener.drops, own > 0 else { return nil }
    let all = host.last.counters.value("TcpExt", "ListenDrops", in: listener.socket.namespace)
    let count = min(own, all.map { UInt32(clamping: $0) } ?? own)
    return count > 0 ? count : nil
  }

  private func rising(_ listener: ObservedListener, _ new: UInt32) -> Finding {
    let time = Phrase.duration(listener.span ?? 0)
    return finding(
      listener, .warning,
      "\(listener.name.text) dropped \(Phrase.count(new, "attempt")) to connect within \(time)",
      // A queue that was seen full explains the drops.
      listener.lengths.contains { $0 > (listener.limit ?? .max) } ? .certain : .likely)
  }

  private func past(_ listener: ObservedListener, _ drops: UInt32) -> Finding {
    let time = listener.span == nil ? "" : ", none of them just now"
    return finding(
      listener, .notice,
      "\(listener.name.text) has dropped \(Phrase.count(drops, "attempt")) to connect since it "
        + "was opened\(time)",
      .certain)
  }

  private func finding(
    _ listener: ObservedListener, _ severity: Severity, _ title: String, _ confidence: Confidence
  ) -> Finding {
    let queue = QueueDescription(listener)
    var finding = Finding(
      Self.kind, severity, title, about: .listener(listener.name), confidence: confidence)
    let full =
      listener.isFullNow
      ? "Its accept queue is full."
      : listener.limit == nil ? nil : "Its accept queue has room now."
    finding.story = [
      [queue.losses, full, queue.holders].compactMap { $0 }.joined(separator: " "),
      """
      The figure counts segments at this listener: every retry of a client counts again, so it is \
      not a number of clients.
      """,
    ]
    // The first remedy is for drops that go on, the second for those that are over.
    finding.remedy = severity == .notice ? finding.remedy.suffix(1) : finding.remedy.dropLast()
    finding.evidence = queue.evidence
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }
}
