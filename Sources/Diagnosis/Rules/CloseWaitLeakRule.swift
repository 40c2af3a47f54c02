import ProcNet

/// A process keeps connections open that its peers have closed.
struct CloseWaitLeakRule: Rule {
  static let kind = FindingDescription.closeWaitLeak

  /// So many that stay over the interval are no connections that are just being closed.
  static let many = 20
  /// Of those that came in through a listener and were left a minute ago, so few are enough: a
  /// program that answers a half-closed connection does so sooner. A client's pool may keep some.
  static let fewOld = 3
  /// Milliseconds.
  static let old: UInt64 = 60_000
  /// Per cent of the limit on open files, from a handful on.
  static let warningShare = 10
  static let criticalShare = 50
  /// Of a service whose process, and so whose limit, may not be seen, so many are possibly one.
  static let handful = 5

  func findings(in file: CaseFile) -> [Finding] {
    let held = file.persistent { $0.state == .closeWait && $0.inode != 0 }
    return HeldConnections.grouped(held, in: file).compactMap { finding($0, file) }
  }

  private func finding(_ group: HeldConnections, _ file: CaseFile) -> Finding? {
    let limit = limit(group, file)
    let share = limit.map { Words.percent(group.count, of: $0) }
    let old = group.sockets.filter { (age($0, file) ?? 0) >= Self.old }
    let isLeak =
      group.count >= Self.many
      || (group.count >= Self.handful && (share ?? 0) >= Self.warningShare)
      || old.count { file.table.listener(of: $0) != nil } >= Self.fewOld
    let isPossible =
      group.holder == nil && group.count >= Self.handful
      && group.sockets.allSatisfy { file.table.listener(of: $0) != nil }
    guard isLeak || isPossible else { return nil }
    let isGrave = group.count >= Self.handful && (share ?? 0) >= Self.criticalShare
    var finding = Finding(
      Self.kind, isGrave ? .critical : .warning,
      "\(group.nameFirst) has not closed \(Words.count(group.count, "connection")) that "
        + "\(group.count == 1 ? "its peer" : "their peers") closed"
        + (share.map { ": \($0) % of its limit on open files" } ?? ""),
      about: group.subject,
      // Soon after the peers hung up it may be a program that is merely late.
      confidence: !isLeak ? .possible : old.count * 2 >= group.count ? .certain : .likely)
    finding.story = story(group, limit, file)
    finding.evidence = evidence(group, limit, file)
    finding.fill(Placeholders(process: group.process))
    return finding
  }

  /// Since the peer's last segment: its FIN, or the ACK of something that was sent afterwards.
  private func age(_ socket: Socket, _ file: CaseFile) -> UInt64? {
    file.metrics[socket.inode]?[.lastAckRecv]
  }

  private func limit(_ group: HeldConnections, _ file: CaseFile) -> UInt64? {
    guard let process = group.process,
      case .count(let limit)? = file.processes[process]?.snapshot.openFilesLimit
    else { return nil }
    return limit
  }

  private func oldest(_ group: HeldConnections, _ file: CaseFile) -> Socket? {
    group.sockets.max { (age($0, file) ?? 0) < (age($1, file) ?? 0) }
  }

  private func story(
    _ group: HeldConnections, _ limit: UInt64?, _ file: CaseFile
  ) -> [String] {
    var text =
      "\(group.nameFirst) holds \(Words.count(group.count, "connection")) in CLOSE-WAIT"
      + (file.span == nil ? "" : " that stood there at both looks")
    if let limit { text += "; it may have \(limit) files open" }
    text += ". Peers: \(group.peers)."
    if let worst = oldest(group, file) {
      let telling = ConnectionTelling(file)
      text += " The oldest is \(telling.text(of: worst, in: group.process))"
      if let age = age(worst, file) {
        text += ", from which nothing has come for \(Words.duration(age))"
      }
      text += "."
    }
    return [text, ActivityTelling(file).sentence(group.process)].compactMap { $0 }
  }

  private func evidence(
    _ group: HeldConnections, _ limit: UInt64?, _ file: CaseFile
  ) -> [Evidence] {
    let telling = ConnectionTelling(file)
    var found = [
      Evidence(
        "connections in CLOSE-WAIT that stay", group.count, unit: "connections",
        source: "sock_diag rows with an inode\(file.span == nil ? "" : ", at both looks")"
      ).of(process: group.process)
    ]
    if let process = group.process, let limit {
      found.append(
        Evidence("limit on open files", limit, unit: "files", source: "/proc/\(process)/limits")
          .of(process: process))
    }
    for socket in sample(group, file) {
      found.append(
        telling.evidence(
          "last segment from the peer", age(socket, file) ?? 0, unit: "ms",
          source: "tcp_info tcpi_last_ack_recv", of: socket, in: group.process))
    }
    return found
  }

  /// The oldest ones whose age is known; a hundred more would say the same.
  private func sample(_ group: HeldConnections, _ file: CaseFile) -> [Socket] {
    group.sockets.filter { age($0, file) != nil }
      .sorted { (age($0, file) ?? 0) > (age($1, file) ?? 0) }.prefix(3).map { $0 }
  }
}
