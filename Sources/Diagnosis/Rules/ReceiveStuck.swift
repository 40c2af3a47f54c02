import ProcNet

/// Bytes have arrived at connections of a process, and it reads none of them.
struct ReceiveStuck: Rule {
  static let kind = FindingKind(
    id: "receive-stuck", rank: .connection, severities: [.warning, .notice],
    title: "Received data is not read",
    means: "Bytes have arrived for the program and it did not read any of them over the interval.",
    condition:
      """
      An established connection has unread bytes in both samples, no fewer in the last one, and \
      they are the same ones: nothing arrived over the interval, or the program never read \
      anything from the connection. Bytes that a program reads late are not reported. It is a \
      notice for a client that was stopped in a terminal (Ctrl-Z). Where the sender is on this \
      host and its data is stuck, the finding is peer-not-reading.
      """,
    explanation:
      """
      The kernel has acknowledged the data, so the sender sees nothing wrong until the buffer is \
      full and the window closes. The program does not read: it is busy with something else, \
      waits for something else, or has forgotten this connection. Recv-Q of a connection counts \
      bytes; of a listener it counts connections.
      """,
    remedy: [
      """
      See what the thread that should read does instead; the finding says so where it can be \
      seen.
      """,
      """
      If the program reads on purpose only when it has room (back pressure), look behind it: at \
      what it passes the data on to.
      """,
    ],
    avoid: ["enlarge receive buffers: the program does not read at all."],
    check: ["ss -tanp 'sport = :PORT'", "cat /proc/PID/task/TID/syscall"],
    demo: ["not-reading"])

  /// Without `tcp_info` the same number in two samples may be two requests of one length. This many
  /// bytes are more than a program at work leaves unread.
  static let plainlyUnread: UInt32 = 4096

  func findings(in host: HostObservation) -> [Finding] {
    guard let span = host.span else { return [] }
    let told = PeerNotReading.readers(in: host)
    let held = host.persistent { socket in
      socket.inode != 0 && socket.state == .established && (socket.unread ?? 0) > 0
    }.filter { !told.contains($0.now.inode) && isStuck($0.before, $0.now, span, host) }
    return alike(ConnectionGroup.grouped(held, in: host), host).compactMap { groups in
      groups.first.map { finding($0, of: groups, span, host) }
    }
  }

  /// The bytes that were unread in the first sample are still unread.
  private func isStuck(
    _ before: Socket, _ now: Socket, _ span: UInt64, _ host: HostObservation
  ) -> Bool {
    let (old, new) = (before.unread ?? 0, now.unread ?? 0)
    guard new >= old else { return false }
    guard let metrics = host.metrics[now.inode] else {
      return new == old && new >= Self.plainlyUnread
    }
    // All that ever arrived is still there: the program never read from it.
    if let received = metrics[.bytesReceived], received <= UInt64(new) { return true }
    // Nothing arrived meanwhile, so these are the same bytes.
    return new == old && (metrics[.lastDataRecv] ?? 0) >= span
  }

  /// Processes that one server started and that are all in the same kind of wait are one story.
  private func alike(
    _ groups: [ConnectionGroup], _ host: HostObservation
  ) -> [[ConnectionGroup]] {
    var stories: [[ConnectionGroup]] = []
    var places: [String: Int] = [:]
    for group in groups {
      guard let thread = reader(group, host),
        let listener = group.sockets.first.flatMap({ host.table.listener(of: $0) })
      else {
        stories.append([group])
        continue
      }
      let key =
        "\(listener.inode) \(thread.process.name) \(thread.wait.kind) \(thread.callName ?? "")"
      if let place = places[key] {
        stories[place].append(group)
      } else {
        places[key] = stories.count
        stories.append([group])
      }
    }
    return stories
  }

  /// The thread that should read and does something else, where there is only one.
  private func reader(_ group: ConnectionGroup, _ host: HostObservation) -> ObservedThread? {
    guard let process = group.process.flatMap({ host.processes[$0] }), process.threads.count == 1,
      let only = process.threads.first, !host.isIdle(only)
    else { return nil }
    return only
  }

  /// About the first of groups that are one story.
  private func finding(
    _ group: ConnectionGroup, of groups: [ConnectionGroup], _ span: UInt64,
    _ host: HostObservation
  ) -> Finding {
    let reader = reader(group, host)
    var finding = Finding(
      Self.kind, groups.allSatisfy { isSuspended($0, host) } ? .notice : .warning,
      title(groups, reader, host), about: group.subject,
      confidence: groups.allSatisfy { isProven($0, host) } ? .certain : .likely)
    let worst = worst(group)
    finding.story = [
      text(group, worst, span, host),
      ProcessActivity(host).sentence(group.process),
    ].compactMap { $0 }
    finding.evidence = groups.flatMap { evidence($0, host) }
    let thread = group.process.flatMap { host.processes[$0]?.threads.first?.thread }
    finding.fill(
      Placeholders(port: worst?.local.port, process: group.process, thread: thread))
    if let reader { explain(&finding, reader, host) }
    return finding
  }

  private func explain(
    _ finding: inout Finding, _ reader: ObservedThread, _ host: HostObservation
  ) {
    let path = WaitChain.follow(reader, in: host)
    finding.chain = path.links
    Advice(host, path).apply(to: &finding)
  }

  /// A client that a person has stopped in a shell: it keeps only that person waiting.
  private func isSuspended(_ group: ConnectionGroup, _ host: HostObservation) -> Bool {
    guard let process = group.process, host.processes[process]?.isSuspended == true else {
      return false
    }
    return !group.sockets.contains { host.table.listener(of: $0) != nil }
  }

  private func title(
    _ groups: [ConnectionGroup], _ reader: ObservedThread?, _ host: HostObservation
  ) -> String {
    let sockets = groups.flatMap(\.sockets)
    let bytes = sockets.reduce(0) { $0 + UInt64($1.unread ?? 0) }
    let what =
      "not read \(Phrase.bytes(bytes)) that arrived on \(Phrase.count(sockets.count, "connection"))"
    let does = reader.map { WaitDescription(host).doing($0) }
    guard groups.count > 1, let reader else {
      return "\(groups[0].nameFirst) does \(what)\(does.map { ": it \($0)" } ?? "")"
    }
    let numbers = Phrase.list(groups.compactMap(\.process).map { "\($0)" }, most: 8)
    return "\(groups.count) processes \(reader.process.name) (pids \(numbers)) do \(what): "
      + "the first \(does ?? "waits")"
  }

  private func isProven(_ group: ConnectionGroup, _ host: HostObservation) -> Bool {
    group.sockets.allSatisfy { host.metrics[$0.inode] != nil }
  }

  private func worst(_ group: ConnectionGroup) -> Socket? {
    group.sockets.max { ($0.unread ?? 0) < ($1.unread ?? 0) }
  }

  private func text(
    _ group: ConnectionGroup, _ worst: Socket?, _ span: UInt64, _ host: HostObservation
  ) -> String {
    var text =
      "On \(Phrase.count(group.count, "connection")) of \(group.name) the same bytes were unread "
      + "in both samples, \(Phrase.duration(span)) apart. Peers: \(group.peers)."
    guard let worst else { return text }
    let telling = ConnectionDescription(host)
    text +=
      """
       \(group.count == 1 ? "It is" : "Most wait at") \
      \(telling.text(of: worst, in: group.process)): 
      """
      + Phrase.bytes(worst.unread ?? 0)
    if let age = host.metrics[worst.inode]?[.lastDataRecv] {
      text += ", the last of which arrived \(Phrase.duration(age)) ago"
    }
    return text + "."
  }

  private func evidence(_ group: ConnectionGroup, _ host: HostObservation) -> [Evidence] {
    let telling = ConnectionDescription(host)
    let worst = group.sockets.sorted { ($0.unread ?? 0) > ($1.unread ?? 0) }
    return worst.prefix(4).flatMap { socket in
      var found = [
        telling.evidence(
          "unread bytes", socket.unread ?? 0, unit: "bytes",
          source: "sock_diag idiag_rqueue", of: socket, in: group.process)
      ]
      if let age = host.metrics[socket.inode]?[.lastDataRecv] {
        found.append(
          telling.evidence(
            "last data arrived", age, unit: "ms", source: "tcp_info tcpi_last_data_recv",
            of: socket, in: group.process))
      }
      return found + [telling.peerEvidence(of: socket)].compactMap { $0 }
    }
  }
}
