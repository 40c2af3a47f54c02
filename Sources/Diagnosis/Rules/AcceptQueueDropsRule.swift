import ProcNet

/// A TCP listener has dropped segments of clients that wanted to connect.
struct AcceptQueueDropsRule: Rule {
  static let kind = FindingDescription.acceptQueueDrops

  func findings(in file: CaseFile) -> [Finding] {
    file.listeners.compactMap { listener in
      guard listener.socket.netid == .tcp, let drops = listener.listener.drops, drops > 0,
        !SynQueueCase(listener, file).isUnderPressure
      else { return nil }
      let new = listener.newDrops ?? 0
      return isOngoing(listener, new, file) ? rising(listener, new) : past(listener, drops)
    }
  }

  /// Deferred accepts that ran out count as drops as well: those clients said nothing for a minute.
  private func isOngoing(_ listener: ListenerCase, _ new: UInt32, _ file: CaseFile) -> Bool {
    let deferred = file.last.counters.rise(
      of: "TcpExt", "TCPDeferAcceptDrop", since: file.first.counters,
      in: listener.socket.namespace)
    return new > 0 && (deferred ?? 0) < Int64(new)
  }

  private func rising(_ listener: ListenerCase, _ new: UInt32) -> Finding {
    let time = Words.duration(listener.span ?? 0)
    return finding(
      listener, .warning,
      "\(listener.name.text) dropped \(Words.count(new, "attempt")) to connect within \(time)",
      // Of a queue that was seen full it is known why.
      listener.lengths.contains { $0 > (listener.limit ?? .max) } ? .certain : .likely)
  }

  private func past(_ listener: ListenerCase, _ drops: UInt32) -> Finding {
    let time = listener.span == nil ? "" : ", none of them just now"
    return finding(
      listener, .notice,
      "\(listener.name.text) has dropped \(Words.count(drops, "attempt")) to connect since it "
        + "was made\(time)",
      .certain)
  }

  private func finding(
    _ listener: ListenerCase, _ severity: Severity, _ title: String, _ confidence: Confidence
  ) -> Finding {
    let queue = QueueTelling(listener)
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
