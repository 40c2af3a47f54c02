import ProcNet

/// A listener's SYN queue overflows: the kernel answers with cookies, or drops requests.
///
/// Requests alone prove nothing: a listener with TCP_DEFER_ACCEPT keeps silent clients among them.
struct SynQueuePressure: Rule {
  static let kind = FindingKind(
    id: "syn-queue-pressure", rank: .requests, severities: [.critical, .warning],
    title: "Half-open connections pile up",
    means:
      """
      Many handshakes have begun and do not finish; the SYN queue is full or the kernel uses SYN \
      cookies.
      """,
    condition:
      """
      The accept queue has room, connection requests in SYN-RECV take 75 % or more of what the \
      SYN queue holds, and within the interval the kernel sent SYN cookies although it does not \
      always do so (warning), or dropped requests (critical). Or more requests than the SYN queue \
      holds wait in both samples: a warning with SYN cookies, critical without. Fewer requests \
      alone are not reported: a listener with TCP_DEFER_ACCEPT keeps them on purpose.
      """,
    explanation:
      """
      A handshake that waits for the client's final ACK is in the SYN queue, which is not the \
      accept queue. It fills if the answers do not reach the clients, if the SYNs come from \
      forged addresses (a SYN flood), or if the kernel drops the final ACKs because the accept \
      queue is full. With `net.ipv4.tcp_syncookies` 1, the default, the kernel then answers \
      without remembering anything: the service goes on, with some TCP options lost. Without \
      cookies it drops new clients.
      """,
    remedy: [
      "If the accept queue is full too, begin there: the SYN queue follows from it.",
      "Leave SYN cookies on: `sysctl net.ipv4.tcp_syncookies` should say 1.",
      """
      For a flood: filter upstream or by rate limits. For legitimate load: raise \
      `net.ipv4.tcp_max_syn_backlog` and the listener's backlog, since the smaller one counts.
      """,
    ],
    avoid: [
      "switch cookies off to see fewer of them in the log.",
      """
      take a listener with TCP_DEFER_ACCEPT for a flood: it keeps silent clients in SYN-RECV for \
      up to a minute by design.
      """,
    ],
    check: [
      "ss -tan state syn-recv 'sport = :PORT' | wc -l",
      """
      sockinspect counters --interval 1 TCPReqQFullDrop TCPReqQFullDoCookies SyncookiesSent \
      ListenDrops
      """,
      "sysctl net.ipv4.tcp_syncookies net.ipv4.tcp_max_syn_backlog",
    ],
    demo: ["syn-flood"])

  func findings(in host: HostObservation) -> [Finding] {
    host.listeners.compactMap { listener in
      // Of shards the first has the handshakes of all.
      guard listener.socket.netid == .tcp else { return nil }
      let queue = SynQueue(listener, host)
      return queue.isUnderPressure ? finding(listener, queue) : nil
    }
  }

  private func finding(_ listener: ObservedListener, _ queue: SynQueue) -> Finding {
    var finding = Finding(
      Self.kind, queue.dropsRequests ? .critical : .warning, title(listener, queue),
      about: .listener(listener.name))
    finding.story = [
      [figures(listener, queue), QueueDescription(listener).holders].compactMap { $0 }
        .joined(separator: " "),
      queue.dropsRequests
        ? "The kernel drops new clients: those of an attack and all others alike."
        : "The kernel answers new clients with SYN cookies, so the service goes on.",
    ]
    finding.evidence = evidence(listener, queue)
    finding.fill(Placeholders(listener.name))
    return finding
  }

  private func title(_ listener: ObservedListener, _ queue: SynQueue) -> String {
    let figures = "\(Phrase.count(queue.length, "half-open connection")) at \(listener.name.text)"
    if queue.dropsRequests {
      return "\(figures) fill the SYN queue, and new requests are dropped"
    }
    return "\(figures) fill the SYN queue; the kernel answers with SYN cookies"
  }

  private func figures(_ listener: ObservedListener, _ queue: SynQueue) -> String {
    let limit = queue.limit.map { ", and the queue has room for about \($0)" } ?? ""
    var text =
      "\(Phrase.count(queue.length, "handshake")) at \(listener.name.text) "
      + "\(queue.length == 1 ? "waits" : "wait") for the client's final ACK\(limit)."
    let time = Phrase.duration(listener.span ?? 0)
    if let sent = queue.cookiesSent, sent > 0 {
      text +=
        " Within \(time) \(Phrase.count(sent, "SYN cookie")) \(sent == 1 ? "was" : "were") sent."
    }
    let dropped = max(queue.requestDrops ?? 0, queue.dropsRequests ? queue.listenDrops ?? 0 : 0)
    if dropped > 0 {
      text +=
        """
         Within \(time) \(Phrase.count(dropped, "request")) \(dropped == 1 ? "was" : "were") \
        dropped.
        """
    }
    return text
  }

  private func evidence(_ listener: ObservedListener, _ queue: SynQueue) -> [Evidence] {
    var found = [
      Evidence(
        "half-open connections", queue.length, unit: "connections",
        source: "sock_diag rows in SYN-RECV at the port")
    ]
    func add(_ fact: String, _ number: Int64?, _ unit: String?, _ source: String) {
      if let number { found.append(Evidence(fact, number, unit: unit, source: source)) }
    }
    let limitSource = "the smaller one of idiag_wqueue and net.ipv4.tcp_max_syn_backlog"
    add("limit of the SYN queue", queue.limit, "connections", limitSource)
    add("net.ipv4.tcp_syncookies", queue.cookies, nil, "/proc/sys/net/ipv4/tcp_syncookies")
    add("SYN cookies sent", queue.cookiesSent, "segments", "/proc/net/netstat SyncookiesSent")
    add("requests dropped", queue.requestDrops, "segments", "/proc/net/netstat TCPReqQFullDrop")
    add("drops of all listeners", queue.listenDrops, "segments", "/proc/net/netstat ListenDrops")
    return found.map { $0.on(listener.socket) } + owners(listener)
  }

  private func owners(_ listener: ObservedListener) -> [Evidence] {
    listener.owners.prefix(4).map {
      Evidence(
        "owner", String(rawBytes: $0.command),
        source: "/proc/\($0.process)/fd/\($0.descriptor)"
      ).on(listener.socket).of(process: $0.process, descriptor: $0.descriptor)
    }
  }
}
