import ProcNet

/// The kernel sends data of a connection again and again and hears nothing.
struct RetransmittingRule: Rule {
  static let kind = FindingDescription.retransmitting

  /// Time-outs in a row: one is a lost segment, a second at the earlier look already and a third
  /// now is none.
  static let before: UInt8 = 2
  static let now: UInt8 = 3

  func findings(in file: CaseFile) -> [Finding] {
    let held = file.persistent { socket in
      socket.inode != 0 && (socket.sendQueue ?? 0) > 0 && socket.state != .synSent
        && socket.timer?.kind == 1
    }.filter { isStuck($0.before, $0.now, file) }
    return HeldConnections.grouped(held, in: file).map { finding($0, file) }
  }

  private func isStuck(_ before: Socket, _ now: Socket, _ file: CaseFile) -> Bool {
    guard let old = before.timer?.retransmits, let new = now.timer?.retransmits,
      old >= Self.before, new >= old, new >= Self.now
    else { return false }
    return !isHalfAccepted(now, file)
  }

  /// A client that thinks it is connected: its last ACK was dropped at a full accept queue, or the
  /// listener defers. That is told of the listener.
  private func isHalfAccepted(_ socket: Socket, _ file: CaseFile) -> Bool {
    let other = file.table.opposite(of: socket)
    return other?.state == .synReceived || other?.state == .newSynReceived
  }

  private func finding(_ group: HeldConnections, _ file: CaseFile) -> Finding {
    let worst = worst(group)
    let silence = worst.first.flatMap { file.metrics[$0.inode]?[.lastAckRecv] }
    var finding = Finding(
      Self.kind, .warning,
      "\(group.nameFirst) hears nothing from \(group.peers): data on "
        + "\(Words.count(group.count, "connection")) is not acknowledged"
        + (silence.map { ", for \(Words.duration($0)) so far" } ?? ""),
      about: group.subject)
    finding.story = story(group, worst.first, silence, file)
    finding.evidence = worst.prefix(4).flatMap { evidence($0, group, file) }
    // The port to look for is the peer's, as the kind's command has it.
    finding.fill(Placeholders(port: worst.first?.peer.port, process: group.process))
    return finding
  }

  private func worst(_ group: HeldConnections) -> [Socket] {
    group.sockets.sorted { ($0.timer?.retransmits ?? 0) > ($1.timer?.retransmits ?? 0) }
  }

  private func story(
    _ group: HeldConnections, _ worst: Socket?, _ silence: UInt64?, _ file: CaseFile
  ) -> [String] {
    guard let worst, let timer = worst.timer else { return [] }
    let telling = ConnectionTelling(file)
    var text =
      "On \(telling.text(of: worst, in: group.process)) the same data has been sent again "
      + "\(Words.count(timer.retransmits, "time")); the next attempt comes in "
      + "\(Words.duration(timer.expires))."
    if let silence { text += " The peer was last heard \(Words.duration(silence)) ago." }
    let size = group.sockets.reduce(0) { $0 + UInt64($1.sendQueue ?? 0) }
    text +=
      " \(Words.count(size, "byte")) \(size == 1 ? "is" : "are") unacknowledged on "
      + "\(Words.count(group.count, "connection"))."
    return [
      text,
      """
      With the default of net.ipv4.tcp_retries2 the kernel gives up about 15 minutes after the \
      first attempt; until then the program does not learn of it.
      """,
    ]
  }

  private func evidence(
    _ socket: Socket, _ group: HeldConnections, _ file: CaseFile
  ) -> [Evidence] {
    let telling = ConnectionTelling(file)
    func fact(_ name: String, _ number: UInt64?, _ unit: String, _ source: String) -> Evidence? {
      number.map {
        telling.evidence(name, $0, unit: unit, source: source, of: socket, in: group.process)
      }
    }
    let metrics = file.metrics[socket.inode]
    return [
      fact(
        "retransmissions in a row", socket.timer.map { UInt64($0.retransmits) }, "attempts",
        "sock_diag idiag_retrans"),
      fact(
        "unacknowledged bytes", socket.sendQueue.map(UInt64.init), "bytes",
        "sock_diag idiag_wqueue"),
      fact("last ACK", metrics?[.lastAckRecv], "ms", "tcp_info tcpi_last_ack_recv"),
      fact(
        "next attempt", socket.timer.map { UInt64($0.expires) }, "ms", "sock_diag idiag_expires"),
    ].compactMap { $0 }
  }
}
