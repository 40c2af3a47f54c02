import ProcNet

/// Data stays in send buffers because the peers announce no room for it.
struct PeerNotReading: Rule {
  static let kind = FindingKind(
    id: "peer-not-reading", rank: .client, severities: [.warning, .notice],
    title: "The peer does not read what it is sent",
    means:
      """
      The send buffer fills because the peer announces no room; the program cannot go on writing.
      """,
    condition:
      """
      A connection has data in its send buffer in both samples, no less in the last one, and the \
      peer's window is closed (timer persist, or a window of 0). A thread of this host is blocked \
      in sending it, or the reader is on this host and has read nothing, or the last data was \
      sent a minute ago or earlier. It is a warning when a thread is blocked in sending, unless \
      the reader on this host waits for readers of its own, or when the reader on this host is \
      stopped, blocked or computing all the time, and not by a person at its terminal (Ctrl-Z, a \
      pager); otherwise a notice. Data that was sent and is not acknowledged is reported as \
      retransmitting.
      """,
    explanation:
      """
      TCP sends only as much as the receiver has announced room for. The receiver's program does \
      not read, so its buffer is full and our send buffer fills, and a program that writes with a \
      blocking call sleeps in it. The kernel keeps asking whether there is room (timer persist), \
      and never gives up as long as the peer's kernel answers.
      """,
    remedy: [
      "See what the receiver does; if it is on this host, the finding names it.",
      """
      Give writes a time-out (SO_SNDTIMEO, TCP_USER_TIMEOUT, or that of the framework), so that \
      one slow reader does not occupy a worker for ever.
      """,
      "Put a proxy that buffers answers in front of servers with few workers.",
    ],
    avoid: [
      "only enlarge send buffers: they fill as well.",
      "look for packet loss: the network delivers.",
    ],
    check: ["ss -tanio 'sport = :PORT'", "ss -tanp 'dport = :PORT'"],
    demo: ["slow-reader"])

  /// Milliseconds after which a peer elsewhere that blocks no thread here is reported: players and
  /// downloads pause for seconds.
  static let longPause: UInt64 = 60_000

  func findings(in host: HostObservation) -> [Finding] {
    guard let span = host.span else { return [] }
    return ConnectionGroup.grouped(stuck(host), in: host).map { finding($0, span, host) }
  }

  /// The inodes of the local readers that it reports: receive-stuck leaves those out.
  static func readers(in host: HostObservation) -> Set<UInt32> {
    Set(Self().stuck(host).compactMap { host.table.opposite(of: $0.now)?.inode })
  }

  private func stuck(_ host: HostObservation) -> [(before: Socket, now: Socket)] {
    let stuck = host.persistent { socket in
      socket.inode != 0 && (socket.unacknowledged ?? 0) > 0
        && (socket.state == .established || socket.state == .closeWait)
    }.filter { isStuck($0.before, $0.now, host) && matters($0.now, host) }
    let inodes = Set(stuck.map(\.now.inode))
    return stuck.filter { !isEcho($0.now, among: inodes, host) }
  }

  /// Both ends wait for each other to read: only the one with more to send is reported.
  private func isEcho(_ socket: Socket, among stuck: Set<UInt32>, _ host: HostObservation) -> Bool {
    guard let other = host.table.opposite(of: socket), stuck.contains(other.inode) else {
      return false
    }
    let (here, there) = (isBlocking(socket, host), isBlocking(other, host))
    if here != there { return there }
    return (socket.unacknowledged ?? 0, socket.inode) < (other.unacknowledged ?? 0, other.inode)
  }

  /// The peer took nothing meanwhile, and its window is what keeps the data here.
  private func isStuck(_ before: Socket, _ now: Socket, _ host: HostObservation) -> Bool {
    guard let old = before.unacknowledged, let new = now.unacknowledged, new >= old,
      now.timer?.kind != 1, !waitsToBeAccepted(now, host), !isRead(now, host)
    else { return false }
    return now.timer?.kind == 4 || host.metrics[now.inode]?[.sndWnd] == 0
  }

  /// The reader is on this host and took some of it between the samples: it reads at its own pace.
  private func isRead(_ socket: Socket, _ host: HostObservation) -> Bool {
    guard let reader = host.table.opposite(of: socket) else { return false }
    let key = ConnectionKey(reader)
    guard let before = host.first.notable[key]?.unread,
      let now = host.last.notable[key]?.unread
    else { return false }
    return before != now
  }

  /// Its other end is in an accept queue: that is the listener's trouble.
  private func waitsToBeAccepted(_ socket: Socket, _ host: HostObservation) -> Bool {
    host.table.opposite(of: socket)?.inode == 0
  }

  /// A thread here is blocked by it, or the reader is here, or it has lasted long.
  private func matters(_ socket: Socket, _ host: HostObservation) -> Bool {
    if isBlocking(socket, host) || host.table.opposite(of: socket) != nil { return true }
    let idle = host.metrics[socket.inode]?[.lastDataSent] ?? 0
    return idle >= Self.longPause
  }

  private func isBlocking(_ socket: Socket, _ host: HostObservation) -> Bool {
    host.holders(of: socket.inode).contains { owner in
      host.processes[owner.process]?.threads.contains { waits($0, for: socket, host) } ?? false
    }
  }

  private func waits(
    _ thread: ObservedThread, for socket: Socket, _ host: HostObservation
  ) -> Bool {
    guard let sole = host.awaitedSocket(of: thread), sole.inode == socket.inode else {
      return false
    }
    return thread.wait.kind == .send || sole.forWriting
  }

  private func finding(
    _ group: ConnectionGroup, _ span: UInt64, _ host: HostObservation
  ) -> Finding {
    let bytes = group.sockets.reduce(0) { $0 + UInt64($1.unacknowledged ?? 0) }
    let readers = readers(group, host)
    let who = readers.isEmpty ? group.peers : Phrase.list(readers.map(\.text))
    var finding = Finding(
      Self.kind, isHarmful(group, host) ? .warning : .notice,
      "\(who) \(manyReaders(group, readers) ? "do" : "does") not read: "
        + "\(Phrase.bytes(bytes)) from \(group.name) "
        + "\(bytes == 1 ? "waits" : "wait") on \(Phrase.count(group.count, "connection"))",
      about: group.subject)
    finding.story = story(group, span, readers, host)
    finding.evidence = evidence(group, host)
    if let reader = readers.first {
      finding.beginRemedy(with: "See why \(reader.text) does not read.")
    }
    finding.fill(Placeholders(port: worst(group).first?.local.port, process: group.process))
    return finding
  }

  private func manyReaders(_ group: ConnectionGroup, _ readers: [ProcessName]) -> Bool {
    readers.isEmpty ? Set(group.sockets.map(\.peer.address)).count > 1 : readers.count > 1
  }

  private func isHarmful(_ group: ConnectionGroup, _ host: HostObservation) -> Bool {
    group.sockets.contains { socket in
      (isBlocking(socket, host) && !isPassedOn(socket, host)) || isReaderStuck(socket, host)
    }
  }

  /// The reader is on this host and has data of its own that its readers have not taken: a proxy
  /// reads as fast as it can pass on, and what holds it up is further on.
  private func isPassedOn(_ socket: Socket, _ host: HostObservation) -> Bool {
    guard let other = host.table.opposite(of: socket) else { return false }
    return host.holders(of: other.inode).contains { owner in
      guard let reader = host.processes[owner.process], reader.threads.contains(where: host.isIdle)
      else { return false }
      return reader.sockets.keys.contains { host.conversation($0)?.turn == .unsent }
    }
  }

  /// The reader is on this host and does not move either: one that reads at its own pace wakes up
  /// now and then.
  private func isReaderStuck(_ socket: Socket, _ host: HostObservation) -> Bool {
    guard let other = host.table.opposite(of: socket) else { return false }
    return host.holders(of: other.inode).contains { owner in
      guard let reader = host.processes[owner.process], !waitsForPerson(reader, host) else {
        return false
      }
      return reader.isHalted
        || reader.threads.allSatisfy { thread in
          thread.burns(over: host.interval) || (thread.isSteady == true && !host.isIdle(thread))
        }
    }
  }

  /// Stopped in a shell, or with its output in a pager: it goes on when that person wants.
  private func waitsForPerson(_ reader: ObservedProcess, _ host: HostObservation) -> Bool {
    if reader.isSuspended { return true }
    return reader.threads.contains { thread in
      guard !host.isIdle(thread), case .input = WaitChain.follow(thread, in: host).end else {
        return false
      }
      return true
    }
  }

  private func readers(_ group: ConnectionGroup, _ host: HostObservation) -> [ProcessName] {
    let telling = ConnectionDescription(host)
    let owners = group.sockets.compactMap { telling.peer(of: $0) }
      .map(ProcessName.init)
    return Set(owners).sorted { $0.process < $1.process }
  }

  private func worst(_ group: ConnectionGroup) -> [Socket] {
    group.sockets.sorted { ($0.unacknowledged ?? 0) > ($1.unacknowledged ?? 0) }
  }

  private func story(
    _ group: ConnectionGroup, _ span: UInt64, _ readers: [ProcessName], _ host: HostObservation
  ) -> [String] {
    let telling = ConnectionDescription(host)
    var text =
      "On \(Phrase.count(group.count, "connection")) of \(group.name) the send buffer has unsent "
      + "data, and the peer took none of it in \(Phrase.duration(span)): it announces a window "
      + "of 0."
    if let worst = worst(group).first {
      text +=
        """
         \(group.count == 1 ? "It is" : "Most is on") \
        \(telling.text(of: worst, in: group.process)): 
        """
        + "\(Phrase.bytes(worst.unacknowledged ?? 0))."
    }
    let blocked = group.sockets.count { isBlocking($0, host) }
    if blocked > 0 {
      text +=
        " \(Phrase.count(blocked, "thread")) \(blocked == 1 ? "is" : "are") blocked in sending."
    }
    let activity = readers.first.flatMap { reader in
      ProcessActivity(host).sentence(reader.process)
        .map { "The reader is \(reader.text): \($0.prefix(1).lowercased())\($0.dropFirst())" }
    }
    return [text, activity].compactMap { $0 }
  }

  private func evidence(_ group: ConnectionGroup, _ host: HostObservation) -> [Evidence] {
    let telling = ConnectionDescription(host)
    return worst(group).prefix(4).flatMap { socket in
      [
        telling.evidence(
          "unsent bytes", socket.unacknowledged ?? 0, unit: "bytes",
          source: "sock_diag idiag_wqueue",
          of: socket, in: group.process),
        host.metrics[socket.inode]?[.sndWnd].map {
          telling.evidence(
            "window of the peer", $0, unit: "bytes", source: "tcp_info tcpi_snd_wnd", of: socket,
            in: group.process)
        },
        telling.peerEvidence(of: socket),
      ].compactMap { $0 }
    }
  }
}
