import ProcNet

/// The kernel retransmits data of a connection and gets no acknowledgement.
struct Retransmitting: Rule {
  static let kind = FindingKind(
    id: "retransmitting", rank: .client, severities: [.warning],
    title: "Sent data is not acknowledged",
    means: "The kernel retransmits the same data again and again and gets no answer.",
    condition:
      """
      A connection has data in its send buffer, its retransmission timer had fired twice or more \
      in a row in the first sample and three times or more in the last, and no acknowledgement \
      came. Clients of this host do not count while their server end is in a SYN queue or their \
      listener is full. Where only large segments are lost, the finding is path-mtu.
      """,
    explanation:
      """
      The peer is gone, or the path to it: a host that is down, a firewall that has forgotten the \
      connection, a cable. The kernel doubles the wait each time, up to two minutes, and gives up \
      after about 15 minutes with the default of `net.ipv4.tcp_retries2`. Until then the program \
      sees a connection that is alive, and a thread that waits for the answer waits as long.
      """,
    remedy: [
      """
      See whether the peer can be reached at all, and whether a firewall in between drops idle \
      connections sooner than keep-alive refreshes them.
      """,
      "Set TCP_USER_TIMEOUT, or read time-outs, in programs that must notice sooner.",
      """
      Use keep-alive for connections on which nothing is sent; it does not work while data is \
      unacknowledged.
      """,
    ],
    avoid: [
      """
      lower `net.ipv4.tcp_retries2` for the whole host below 8: it cuts connections that would \
      recover.
      """
    ],
    check: [
      "ss -tanio 'dport = :PORT'",
      "sockinspect counters --interval 1 RetransSegs TCPTimeouts TCPAbortOnTimeout",
    ],
    demo: [])

  /// Time-outs in a row in the first sample, and in the last. A single one is a lost segment.
  static let before: UInt8 = 2
  static let now: UInt8 = 3

  func findings(in host: HostObservation) -> [Finding] {
    let held = host.persistent { socket in
      socket.inode != 0 && (socket.unacknowledged ?? 0) > 0 && socket.state != .synSent
        && socket.timer?.kind == 1
    }.filter { isStuck($0.before, $0.now, host) && !PathMTU.isTooLarge($0.now, host) }
    return ConnectionGroup.grouped(held, in: host).map { finding($0, host) }
  }

  private func isStuck(_ before: Socket, _ now: Socket, _ host: HostObservation) -> Bool {
    guard let old = before.timer?.retransmits, let new = now.timer?.retransmits,
      old >= Self.before, new >= old, new >= Self.now
    else { return false }
    return !isHalfAccepted(now, host) && host.fullListener(awayFrom: now) == nil
  }

  /// A client that believes it is connected: a full accept queue dropped its final ACK, or the
  /// listener defers. The findings about the listener say so.
  private func isHalfAccepted(_ socket: Socket, _ host: HostObservation) -> Bool {
    let other = host.table.opposite(of: socket)
    return other?.state == .synReceived || other?.state == .newSynReceived
  }

  private func finding(_ group: ConnectionGroup, _ host: HostObservation) -> Finding {
    let worst = worst(group)
    let silence = worst.first.flatMap { unacknowledged($0, host) }
    var finding = Finding(
      Self.kind, .warning,
      "\(group.nameFirst) gets no acknowledgement from \(group.peers) for data on "
        + Phrase.count(group.count, "connection")
        + (silence.map { ", for \(Phrase.duration($0)) so far" } ?? ""),
      about: group.subject)
    finding.story = story(group, worst.first, silence, host)
    finding.evidence = worst.prefix(4).flatMap { evidence($0, group, host) }
    // The kind's command takes the peer's port.
    finding.fill(Placeholders(port: worst.first?.peer.port, process: group.process))
    return finding
  }

  /// Milliseconds since the data that is not acknowledged was first sent: the time that all
  /// retransmissions so far took, each twice as long as the one before. The last ACK alone may be
  /// older by the time for which the connection was idle.
  private func unacknowledged(_ socket: Socket, _ host: HostObservation) -> UInt64? {
    guard let tcp = host.metrics[socket.inode], let heard = tcp[.lastAckRecv] else { return nil }
    guard let timeout = tcp[.rto], let backoff = tcp[.backoff], let timer = socket.timer else {
      return heard
    }
    let current = timeout / 1000
    let first = current >> min(backoff, 32)
    let (passed, left) = (current - first, UInt64(timer.expires))
    return min(heard, passed + (current > left ? current - left : 0))
  }

  private func worst(_ group: ConnectionGroup) -> [Socket] {
    group.sockets.sorted { ($0.timer?.retransmits ?? 0) > ($1.timer?.retransmits ?? 0) }
  }

  private func story(
    _ group: ConnectionGroup, _ worst: Socket?, _ silence: UInt64?, _ host: HostObservation
  ) -> [String] {
    guard let worst, let timer = worst.timer else { return [] }
    let telling = ConnectionDescription(host)
    var text =
      "On \(telling.text(of: worst, in: group.process)) the kernel has retransmitted the same data "
      + "\(Phrase.count(timer.retransmits, "time")); the next attempt comes in "
      + "\(Phrase.duration(timer.expires))."
    if let silence {
      text += " The peer has acknowledged nothing for \(Phrase.duration(silence))."
    }
    let size = group.sockets.reduce(0) { $0 + UInt64($1.unacknowledged ?? 0) }
    text +=
      " \(Phrase.count(size, "byte")) \(size == 1 ? "is" : "are") unacknowledged on "
      + "\(Phrase.count(group.count, "connection"))."
    return [
      text,
      """
      With the default of net.ipv4.tcp_retries2 the kernel gives up about 15 minutes after the \
      first attempt; until then the program does not learn that the data is lost.
      """,
    ]
  }

  private func evidence(
    _ socket: Socket, _ group: ConnectionGroup, _ host: HostObservation
  ) -> [Evidence] {
    let telling = ConnectionDescription(host)
    func fact(_ name: String, _ number: UInt64?, _ unit: String, _ source: String) -> Evidence? {
      number.map {
        telling.evidence(name, $0, unit: unit, source: source, of: socket, in: group.process)
      }
    }
    let metrics = host.metrics[socket.inode]
    return [
      fact(
        "retransmissions in a row", socket.timer.map { UInt64($0.retransmits) }, "attempts",
        "sock_diag idiag_retrans"),
      fact(
        "unacknowledged bytes", socket.unacknowledged.map(UInt64.init), "bytes",
        "sock_diag idiag_wqueue"),
      fact("last ACK", metrics?[.lastAckRecv], "ms", "tcp_info tcpi_last_ack_recv"),
      fact(
        "next attempt", socket.timer.map { UInt64($0.expires) }, "ms", "sock_diag idiag_expires"),
    ].compactMap { $0 }
  }
}
