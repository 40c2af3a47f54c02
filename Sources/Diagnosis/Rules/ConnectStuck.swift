import ProcNet

/// Clients of this host wait in connect: their SYNs get no answer.
struct ConnectStuck: Rule {
  static let kind = FindingKind(
    id: "connect-stuck", rank: .connection, severities: [.warning],
    title: "A connection attempt gets no answer",
    means: "A client's SYN was sent and nothing came back; its program waits in connect.",
    condition:
      """
      A connection was in SYN-SENT in both samples, and the kernel has retransmitted its SYN at \
      least once. Attempts to a listener of this host are reported about that listener, with the \
      state of its accept queue; all others about their owner.
      """,
    explanation:
      """
      A port without a listener answers at once with a reset, and connect fails. Silence means \
      that something drops the SYN or its answer: a firewall, a host that is down, or a server \
      whose accept queue is full. The client's kernel retransmits the SYN after 1 s, 2 s, 4 s and \
      so on, and gives up after one or two minutes (`net.ipv4.tcp_syn_retries`).
      """,
    remedy: [
      "If the listener is on this host: see its accept queue.",
      """
      Otherwise see whether the host can be reached, and whether a firewall drops rather than \
      rejects.
      """,
      "Give connect a time-out of a few seconds and try another address.",
    ],
    avoid: ["raise `net.ipv4.tcp_syn_retries`: the client waits longer and still gets no answer."],
    check: ["ss -tanop state syn-sent", "sockinspect listen :PORT"],
    demo: ["connect-stuck"])

  /// The kernel retransmits a SYN after a second; a host that is well has answered by then.
  static let retries: UInt8 = 1

  func findings(in host: HostObservation) -> [Finding] {
    let stuck = host.persistent { $0.state == .synSent }
      .filter { ($0.now.timer?.retransmits ?? 0) >= Self.retries }
    var local: [UInt32: (listener: ObservedListener, sockets: [Socket])] = [:]
    var remote: [(before: Socket, now: Socket)] = []
    for pair in stuck {
      if let listener = host.listener(calledBy: pair.now) {
        local[listener.socket.inode, default: (listener, [])].sockets.append(pair.now)
      } else {
        remote.append(pair)
      }
    }
    return local.sorted { $0.key < $1.key }.map {
      atListener($0.value.listener, $0.value.sockets, host)
    }
      + destinations(remote, host).map { elsewhere($0, host) }
  }

  private func atListener(
    _ listener: ObservedListener, _ clients: [Socket], _ host: HostObservation
  ) -> Finding {
    let who = "\(Phrase.count(clients.count, "connection attempt")) to \(listener.name.text)"
    let gets = "\(clients.count == 1 ? "gets" : "get") no answer"
    var finding = Finding(
      Self.kind, .warning,
      "\(who) \(gets)\(reason(listener, host))",
      about: .listener(listener.name), confidence: listener.isFullNow ? .certain : .likely)
    finding.story = [
      callers(clients, host),
      [QueueDescription(listener).state, QueueDescription(listener).holders].compactMap { $0 }
        .joined(separator: " "),
    ]
    finding.evidence =
      clients.prefix(8).flatMap { evidence($0, host) }
      + QueueDescription(listener).evidence
    finding.fill(Placeholders(listener.name))
    guard host.isKeptAway(from: listener), let client = clients.first else { return finding }
    finding.rank = .client
    finding.remedy = [
      "Look for a packet filter on this host that drops them: `nft list ruleset`, `iptables -S`.",
      """
      Else look at the path between the two: routes, the reverse path filter \
      (`net.ipv4.conf.*.rp_filter`), and the network namespaces in between.
      """,
    ]
    finding.check.append("ip route get \(AddressText.string(client.peer.address.unmapped))")
    return finding
  }

  /// Whether there is room is known only with the limit, which `/proc/net/tcp` does not have.
  private func reason(_ listener: ObservedListener, _ host: HostObservation) -> String {
    let figures = QueueDescription(listener).figures
    if host.isKeptAway(from: listener) {
      return ", although its accept queue has room: the SYNs or the answers get lost on the way"
    }
    if listener.isFullNow { return ": its accept queue is full (\(figures))" }
    if listener.limit == nil, listener.length > 0 { return " (\(figures))" }
    return ", although its accept queue has room"
  }

  /// The callers of each destination: that it does not answer is one story, whichever process asks.
  private func destinations(
    _ pairs: [(before: Socket, now: Socket)], _ host: HostObservation
  ) -> [[ConnectionGroup]] {
    let peers = Dictionary(grouping: pairs) { Phrase.endpoint($0.now.peer) }
    return peers.sorted { $0.key < $1.key }.map { ConnectionGroup.grouped($0.value, in: host) }
  }

  private func elsewhere(_ groups: [ConnectionGroup], _ host: HostObservation) -> Finding {
    let sockets = groups.flatMap(\.sockets)
    let targets = Set(sockets.map { Phrase.endpoint($0.peer) }).sorted()
    let names = Phrase.list(groups.map(\.name))
    var finding = Finding(
      Self.kind, .warning,
      "\(names.prefix(1).uppercased() == "A" ? "A" + names.dropFirst() : names) "
        + "\(groups.count == 1 ? "gets" : "get") no answer from \(Phrase.list(targets)) to "
        + Phrase.count(sockets.count, "connection attempt"),
      about: groups.first?.subject ?? .host)
    finding.story = [
      callers(sockets, host),
      """
      The server is not on this host: a firewall, the path or the other host drops the SYNs or \
      their answers.
      """,
    ]
    finding.evidence = sockets.prefix(8).flatMap { evidence($0, host) }
    finding.rank = .client
    finding.fill(Placeholders())
    if let row = sockets.first {
      Advice(host, WaitPath(links: [], end: .connecting(row))).apply(to: &finding)
    }
    return finding
  }

  /// `demo-caller (pid 12) by fd 3, SYN sent 3 times`, one after the other.
  private func callers(_ sockets: [Socket], _ host: HostObservation) -> String {
    let names = sockets.map { socket in
      let owner = host.holders(of: socket.inode).first
      let name = owner.map { ProcessName($0).text }
      let tries = Int(socket.timer?.retransmits ?? 0) + 1
      return "\(name ?? "a process that cannot be seen") from port \(socket.local.port)"
        + " (\(owner.map { "fd \($0.descriptor), " } ?? "")SYN sent \(tries) times)"
    }
    return "In SYN-SENT\(host.span == nil ? "" : " in both samples"): \(Phrase.list(names))."
  }

  private func evidence(_ socket: Socket, _ host: HostObservation) -> [Evidence] {
    guard let timer = socket.timer else { return [] }
    let owner = host.holders(of: socket.inode).first
    return [
      Evidence(
        "SYN retransmitted", timer.retransmits, unit: "times", source: "sock_diag idiag_retrans"
      ).on(socket).of(process: owner?.process, descriptor: owner?.descriptor)
    ]
  }
}
