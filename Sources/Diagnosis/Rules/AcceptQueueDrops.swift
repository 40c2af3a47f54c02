import ProcNet

/// A TCP listener has dropped segments of clients that wanted to connect.
struct AcceptQueueDrops: Rule {
  static let kind = FindingKind(
    id: "accept-queue-drops", rank: .queueEffect, severities: [.warning, .notice],
    title: "The listener has dropped connections",
    means: "Segments of clients that wanted to connect were dropped at this listener.",
    condition:
      """
      The listener's own count of drops rose within the interval by more than deferred accepts \
      that ran out (warning), or is not 0 but stands still (notice). What the SYN queue drops is \
      syn-queue-pressure.
      """,
    explanation:
      """
      The kernel counts drops for each listening socket. Most often they are SYNs that found the \
      accept queue full, or last ACKs of handshakes that did. The figure counts segments, not \
      clients: every retry of the same client counts again, and so do the last ACKs that a \
      listener with TCP_DEFER_ACCEPT sets aside, repeated SYNs and filters. So it says that \
      something was dropped here, and when it rises, that it is happening now; it does not say \
      how many clients were turned away.
      """,
    remedy: [
      "While it rises: see why the accept queue is full, or what else is dropped.",
      """
      When it stands still: see what happened then, in the logs of the program and in \
      monitoring. A larger backlog helps if it was a burst.
      """,
    ],
    avoid: [
      "read the number as a number of refused clients.",
      """
      compare it with TcpExtListenDrops of `nstat`: that one is the sum over all listeners of \
      the network namespace.
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
      guard listener.socket.netid == .tcp, let drops = listener.listener.drops, drops > 0,
        !SynQueue(listener, host).isUnderPressure
      else { return nil }
      let new = listener.newDrops ?? 0
      return isOngoing(listener, new, host) ? rising(listener, new) : past(listener, drops)
    }
  }

  /// Deferred accepts that ran out count as drops as well: those clients said nothing for a minute.
  private func isOngoing(_ listener: ObservedListener, _ new: UInt32, _ host: HostObservation)
    -> Bool
  {
    let deferred = host.last.counters.rise(
      of: "TcpExt", "TCPDeferAcceptDrop", since: host.first.counters,
      in: listener.socket.namespace)
    return new > 0 && (deferred ?? 0) < Int64(new)
  }

  private func rising(_ listener: ObservedListener, _ new: UInt32) -> Finding {
    let time = Phrase.duration(listener.span ?? 0)
    return finding(
      listener, .warning,
      "\(listener.name.text) dropped \(Phrase.count(new, "attempt")) to connect within \(time)",
      // Of a queue that was seen full it is known why.
      listener.lengths.contains { $0 > (listener.limit ?? .max) } ? .certain : .likely)
  }

  private func past(_ listener: ObservedListener, _ drops: UInt32) -> Finding {
    let time = listener.span == nil ? "" : ", none of them just now"
    return finding(
      listener, .notice,
      "\(listener.name.text) has dropped \(Phrase.count(drops, "attempt")) to connect since it "
        + "was made\(time)",
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
    // The catalogue's first words are for drops that go on, its second for those that are over.
    finding.remedy = severity == .notice ? finding.remedy.suffix(1) : finding.remedy.dropLast()
    finding.evidence = queue.evidence
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }
}
