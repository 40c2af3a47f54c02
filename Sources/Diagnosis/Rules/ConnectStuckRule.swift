import ProcNet

/// Clients of this host wait in connect: nothing answers their SYNs.
struct ConnectStuckRule: Rule {
  static let kind = FindingDescription.connectStuck

  /// The kernel sends a SYN again after a second; whoever is well has answered by then.
  static let retries: UInt8 = 1

  func findings(in file: CaseFile) -> [Finding] {
    let stuck = file.persistent { $0.state == .synSent }
      .filter { ($0.now.timer?.retransmits ?? 0) >= Self.retries }
    var local: [UInt32: (listener: ListenerCase, sockets: [Socket])] = [:]
    var remote: [(before: Socket, now: Socket)] = []
    for pair in stuck {
      if let listener = listener(for: pair.now, file) {
        local[listener.socket.inode, default: (listener, [])].sockets.append(pair.now)
      } else {
        remote.append(pair)
      }
    }
    return local.sorted { $0.key < $1.key }.map {
      atListener($0.value.listener, $0.value.sockets, file)
    }
      + HeldConnections.grouped(remote, in: file).map { elsewhere($0, file) }
  }

  /// Who should answer, when that is on this host; of shards a full one.
  private func listener(for client: Socket, _ file: CaseFile) -> ListenerCase? {
    guard let found = file.table.listener(at: client.peer, like: client) else { return nil }
    let shards = file.listeners.filter {
      $0.socket.netid == .tcp && $0.socket.local == found.local
        && $0.socket.namespace == found.namespace
    }
    return shards.first(where: \.isFullNow) ?? shards.first
  }

  private func atListener(
    _ listener: ListenerCase, _ clients: [Socket], _ file: CaseFile
  ) -> Finding {
    let who = "\(Words.count(clients.count, "connection attempt")) to \(listener.name.text)"
    let gets = "\(clients.count == 1 ? "gets" : "get") no answer"
    var finding = Finding(
      Self.kind, .warning,
      "\(who) \(gets)\(reason(listener))",
      about: .listener(listener.name), confidence: listener.isFullNow ? .certain : .likely)
    finding.story = [
      callers(clients, file),
      [QueueTelling(listener).state, QueueTelling(listener).holders].compactMap { $0 }
        .joined(separator: " "),
    ]
    finding.evidence =
      clients.prefix(8).flatMap { evidence($0, file) }
      + QueueTelling(listener).evidence
    finding.fill(Placeholders(listener.name))
    return finding
  }

  /// Whether there is room is known only with the limit, which `/proc/net/tcp` does not have.
  private func reason(_ listener: ListenerCase) -> String {
    let figures = QueueTelling(listener).figures
    if listener.isFullNow { return ": its accept queue is full (\(figures))" }
    if listener.limit == nil, listener.length > 0 { return " (\(figures))" }
    return ", although its accept queue has room"
  }

  private func elsewhere(_ group: HeldConnections, _ file: CaseFile) -> Finding {
    let targets = Set(group.sockets.map { Words.endpoint($0.peer) }).sorted()
    var finding = Finding(
      Self.kind, .warning,
      "\(group.nameFirst) gets no answer from \(Words.list(targets)) to "
        + Words.count(group.count, "connection attempt"),
      about: group.subject)
    finding.story = [
      callers(group.sockets, file),
      "Nobody on this host listens there: a firewall, the way or the other host drops the SYNs.",
    ]
    finding.evidence = group.sockets.prefix(8).flatMap { evidence($0, file) }
    // What is said of a listener on this host is for others.
    finding.fill(Placeholders())
    finding.remedy.removeFirst()
    return finding
  }

  /// `demo-caller (pid 12) by fd 3, SYN sent 3 times`, one after the other.
  private func callers(_ sockets: [Socket], _ file: CaseFile) -> String {
    let names = sockets.map { socket in
      let owner = file.holders(of: socket.inode).first
      let name = owner.map { ProcessName(process: $0.process, command: $0.command).text }
      let tries = Int(socket.timer?.retransmits ?? 0) + 1
      return "\(name ?? "a process that may not be seen") from port \(socket.local.port)"
        + " (\(owner.map { "fd \($0.descriptor), " } ?? "")SYN sent \(tries) times)"
    }
    return "In SYN-SENT\(file.span == nil ? "" : " at both looks"): \(Words.list(names))."
  }

  private func evidence(_ socket: Socket, _ file: CaseFile) -> [Evidence] {
    guard let timer = socket.timer else { return [] }
    let owner = file.holders(of: socket.inode).first
    return [
      Evidence(
        "SYN sent again", timer.retransmits, unit: "times", source: "sock_diag idiag_retrans"
      ).on(socket).of(process: owner?.process, descriptor: owner?.descriptor)
    ]
  }
}
