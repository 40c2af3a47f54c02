import ProcNet

/// Bytes have arrived at connections that a process holds, and it reads none of them.
struct ReceiveStuckRule: Rule {
  static let kind = FindingDescription.receiveStuck

  /// Without `tcp_info` two looks at the same number may be two requests of one length; so many
  /// bytes are none that a program reads at once.
  static let plainlyUnread: UInt32 = 4096

  func findings(in file: CaseFile) -> [Finding] {
    guard let span = file.span else { return [] }
    let told = PeerNotReadingRule.readers(in: file)
    let held = file.persistent { socket in
      socket.inode != 0 && socket.state == .established && (socket.receiveQueue ?? 0) > 0
    }.filter { !told.contains($0.now.inode) && isStuck($0.before, $0.now, span, file) }
    return HeldConnections.grouped(held, in: file).map { finding($0, span, file) }
  }

  /// The bytes that were unread at the first look are unread still.
  private func isStuck(
    _ before: Socket, _ now: Socket, _ span: UInt64, _ file: CaseFile
  ) -> Bool {
    let (old, new) = (before.receiveQueue ?? 0, now.receiveQueue ?? 0)
    guard new >= old else { return false }
    guard let metrics = file.metrics[now.inode] else {
      return new == old && new >= Self.plainlyUnread
    }
    // All that ever came is still there: it was never read from.
    if let received = metrics[.bytesReceived], received <= UInt64(new) { return true }
    // Nothing came meanwhile, so these are the same bytes.
    return new == old && (metrics[.lastDataRecv] ?? 0) >= span
  }

  private func finding(
    _ group: HeldConnections, _ span: UInt64, _ file: CaseFile
  ) -> Finding {
    let bytes = group.sockets.reduce(0) { $0 + UInt64($1.receiveQueue ?? 0) }
    var finding = Finding(
      Self.kind, .warning,
      "\(group.nameFirst) does not read \(Words.bytes(bytes)) that arrived on "
        + Words.count(group.count, "connection"),
      about: group.subject, confidence: isProven(group, file) ? .certain : .likely)
    let worst = worst(group)
    finding.story = [
      text(group, worst, span, file),
      ActivityTelling(file).sentence(group.process),
    ].compactMap { $0 }
    finding.evidence = evidence(group, file)
    let thread = group.process.flatMap { file.processes[$0]?.threads.first?.thread }
    finding.fill(
      Placeholders(port: worst?.local.port, process: group.process, thread: thread))
    return finding
  }

  private func isProven(_ group: HeldConnections, _ file: CaseFile) -> Bool {
    group.sockets.allSatisfy { file.metrics[$0.inode] != nil }
  }

  private func worst(_ group: HeldConnections) -> Socket? {
    group.sockets.max { ($0.receiveQueue ?? 0) < ($1.receiveQueue ?? 0) }
  }

  private func text(
    _ group: HeldConnections, _ worst: Socket?, _ span: UInt64, _ file: CaseFile
  ) -> String {
    var text =
      "On \(Words.count(group.count, "connection")) of \(group.name) the same bytes were unread "
      + "at both looks, \(Words.duration(span)) apart. Peers: \(group.peers)."
    guard let worst else { return text }
    let telling = ConnectionTelling(file)
    text +=
      """
       \(group.count == 1 ? "It is" : "Most wait at") \
      \(telling.text(of: worst, in: group.process)): 
      """
      + Words.bytes(worst.receiveQueue ?? 0)
    if let age = file.metrics[worst.inode]?[.lastDataRecv] {
      text += ", the last of them for \(Words.duration(age))"
    }
    return text + "."
  }

  private func evidence(_ group: HeldConnections, _ file: CaseFile) -> [Evidence] {
    let telling = ConnectionTelling(file)
    let worst = group.sockets.sorted { ($0.receiveQueue ?? 0) > ($1.receiveQueue ?? 0) }
    return worst.prefix(4).flatMap { socket in
      var found = [
        telling.evidence(
          "unread bytes", socket.receiveQueue ?? 0, unit: "bytes",
          source: "sock_diag idiag_rqueue", of: socket, in: group.process)
      ]
      if let age = file.metrics[socket.inode]?[.lastDataRecv] {
        found.append(
          telling.evidence(
            "last data arrived", age, unit: "ms", source: "tcp_info tcpi_last_data_recv",
            of: socket, in: group.process))
      }
      return found + [telling.peerEvidence(of: socket)].compactMap { $0 }
    }
  }
}
