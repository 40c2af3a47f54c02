import ProcNet

/// A listener's SYN queue overflows: the kernel answers with cookies, or drops requests.
///
/// Requests alone are no reason: a listener with TCP_DEFER_ACCEPT keeps silent clients among them.
struct SynQueuePressureRule: Rule {
  static let kind = FindingDescription.synQueuePressure

  func findings(in file: CaseFile) -> [Finding] {
    file.listeners.compactMap { listener in
      guard listener.socket.netid == .tcp, listener.listener.shard == 0 else { return nil }
      let queue = SynQueueCase(listener, file)
      return queue.isUnderPressure ? finding(listener, queue) : nil
    }
  }

  private func finding(_ listener: ListenerCase, _ queue: SynQueueCase) -> Finding {
    var finding = Finding(
      Self.kind, queue.dropsRequests ? .critical : .warning, title(listener, queue),
      about: .listener(listener.name))
    finding.story = [
      [figures(listener, queue), QueueTelling(listener).holders].compactMap { $0 }
        .joined(separator: " "),
      queue.dropsRequests
        ? "New clients are dropped: those of an attack and all others alike."
        : "The kernel answers new clients with SYN cookies, so the service lives on.",
    ]
    finding.evidence = evidence(listener, queue)
    finding.fill(Placeholders(listener.name))
    return finding
  }

  private func title(_ listener: ListenerCase, _ queue: SynQueueCase) -> String {
    let figures = "\(Words.count(queue.length, "half-open connection")) at \(listener.name.text)"
    if queue.dropsRequests {
      return "\(figures) fill the SYN queue, and new requests are dropped"
    }
    return "\(figures) fill the SYN queue; the kernel answers with SYN cookies"
  }

  private func figures(_ listener: ListenerCase, _ queue: SynQueueCase) -> String {
    let limit = queue.limit.map { ", and the queue holds about \($0)" } ?? ""
    var text =
      "\(Words.count(queue.length, "handshake")) at \(listener.name.text) "
      + "\(queue.length == 1 ? "waits" : "wait") for the client's last ACK\(limit)."
    let time = Words.duration(listener.span ?? 0)
    if let sent = queue.cookiesSent, sent > 0 {
      text +=
        " Within \(time) \(Words.count(sent, "SYN cookie")) \(sent == 1 ? "was" : "were") sent."
    }
    let dropped = max(queue.requestDrops ?? 0, queue.dropsRequests ? queue.listenDrops ?? 0 : 0)
    if dropped > 0 {
      text +=
        """
         Within \(time) \(Words.count(dropped, "request")) \(dropped == 1 ? "was" : "were") \
        dropped.
        """
    }
    return text
  }

  private func evidence(_ listener: ListenerCase, _ queue: SynQueueCase) -> [Evidence] {
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

  private func owners(_ listener: ListenerCase) -> [Evidence] {
    listener.owners.prefix(4).map {
      Evidence(
        "holder", String(decoding: $0.command, as: UTF8.self),
        source: "/proc/\($0.process)/fd/\($0.descriptor)"
      ).on(listener.socket).of(process: $0.process, descriptor: $0.descriptor)
    }
  }
}
