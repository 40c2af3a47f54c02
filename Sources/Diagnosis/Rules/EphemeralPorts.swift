import ProcNet

/// Connections from one address to one destination take nearly all local ports.
struct EphemeralPorts: Rule {
  static let kind = FindingKind(
    id: "ephemeral-ports", rank: .aside, severities: [.critical, .warning],
    title: "Local ports towards one destination run out",
    means: "Connections to one address and port take nearly all local ports that they can have.",
    condition:
      """
      Connections from one local address to one remote address and port take 80 % of \
      `net.ipv4.ip_local_port_range` or more (warning), or 98 % (critical: connect fails with \
      EADDRNOTAVAIL or soon will). Those in TIME-WAIT count only where `net.ipv4.tcp_tw_reuse` \
      does not let the kernel reuse their ports.
      """,
    explanation:
      """
      Two addresses and two ports identify a connection. Towards one address and port only the \
      local port can differ, and by default there are about 28,000. A client that opens a \
      connection for each request leaves each of them in TIME-WAIT for a minute, so some 470 new \
      ones a second use up all ports. Live connections, such as those of a proxy, use them up by \
      their number alone.
      """,
    remedy: [
      "Keep connections open and reuse them: keep-alive, a connection pool.",
      "Spread over more destination or local addresses.",
      """
      Widen `net.ipv4.ip_local_port_range`, leaving out the ports on which servers listen. Set \
      `net.ipv4.tcp_tw_reuse` to 1 for outgoing connections, if timestamps are on at both ends.
      """,
    ],
    avoid: [
      """
      lower `net.ipv4.tcp_max_tw_buckets`: the kernel then ends connections without the \
      protection of TIME-WAIT.
      """,
      "lower `net.ipv4.tcp_fin_timeout`: it does not set the length of TIME-WAIT.",
    ],
    check: [
      "ss -tan 'dport = :PORT' | awk 'NR > 1 {print $1}' | sort | uniq -c",
      "sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse",
    ],
    demo: ["time-wait-ports"])

  /// Per cent of the range: from 80 on the kernel searches ever longer for a free port; the last
  /// ones are taken for other purposes, or reserved.
  static let warningShare = 80
  static let criticalShare = 98

  func findings(in host: HostObservation) -> [Finding] {
    host.last.census.routes.compactMap { route, count in use(route, count, host) }
      .filter { $0.share >= Self.warningShare }
      .sorted { ($1.used, $0.route.peer.port) < ($0.used, $1.route.peer.port) }
      .map { finding($0, host) }
  }

  private struct Use {
    var route: SocketCounts.Route
    var used: Int
    var timeWait: Int
    var range: ClosedRange<UInt16>

    var share: Int128 { used.percent(of: range.count) }
  }

  private func use(
    _ route: SocketCounts.Route, _ count: SocketCounts.Route.Count, _ host: HostObservation
  ) -> Use? {
    guard let settings = host.settings[route.namespace], let range = settings.localPorts else {
      return nil
    }
    // Where the kernel reuses ports in TIME-WAIT after a second, those are not used up.
    let isReused =
      settings.reusesTimeWait == 1
      || (settings.reusesTimeWait == 2 && route.peer.address.isLoopback)
    return Use(
      route: route, used: isReused ? count.all - count.timeWait : count.all,
      timeWait: isReused ? 0 : count.timeWait, range: range)
  }

  private func finding(_ use: Use, _ host: HostObservation) -> Finding {
    let (from, to) = (
      AddressText.string(use.route.local), Phrase.endpoint(use.route.peer)
    )
    var finding = Finding(
      Self.kind, use.share >= Self.criticalShare ? .critical : .warning,
      "\(use.used) of \(use.range.count) local ports from \(from) to \(to) are in use",
      about: .host)
    finding.story = [
      """
      Connections from \(from) to \(to) get a local port between \(use.range.lowerBound) and \
      \(use.range.upperBound); \(use.used) of these \(use.range.count) are taken, \(use.timeWait) \
      of them by connections in TIME-WAIT.
      """,
      use.share >= Self.criticalShare
        ? "A further connect to it fails with EADDRNOTAVAIL, or soon will." : nil,
      holders(use, host),
    ].compactMap { $0 }
    finding.namespace = use.route.namespace
    finding.evidence = evidence(use)
    finding.fill(Placeholders(port: use.route.peer.port))
    return finding
  }

  private func holders(_ use: Use, _ host: HostObservation) -> String? {
    var counts: [ProcessName: Int] = [:]
    for socket in host.table.sockets
    where socket.netid == .tcp && socket.inode != 0 && isOf(use.route, socket) {
      if let owner = host.holders(of: socket.inode).first {
        counts[ProcessName(owner), default: 0] += 1
      }
    }
    let order = counts.sorted { ($1.value, $0.key.process) < ($0.value, $1.key.process) }
    guard !order.isEmpty else { return nil }
    return
      "Of those that are open, \(Phrase.list(order.map { "\($0.key.text) has \($0.value)" }))."
  }

  private func isOf(_ route: SocketCounts.Route, _ socket: Socket) -> Bool {
    socket.namespace == route.namespace && socket.peer.port == route.peer.port
      && socket.peer.address.unmapped == route.peer.address
      && socket.local.address.unmapped == route.local
  }

  private func evidence(_ use: Use) -> [Evidence] {
    var found = [
      Evidence(
        "local ports in use", use.used, unit: "ports",
        source: "sock_diag rows towards the destination"),
      Evidence(
        "local ports in the range", use.range.count, unit: "ports",
        source: "/proc/sys/net/ipv4/ip_local_port_range"),
      Evidence(
        "in TIME-WAIT", use.timeWait, unit: "connections", source: "sock_diag rows in TIME-WAIT"),
    ]
    for number in found.indices { found[number].place.peer = use.route.peer }
    return found
  }
}
