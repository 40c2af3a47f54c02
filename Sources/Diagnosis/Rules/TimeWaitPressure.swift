import ProcNet

/// TIME-WAIT comes near the kernel's limit; thousands of them alone are healthy.
struct TimeWaitPressure: Rule {
  static let kind = FindingKind(
    id: "time-wait-pressure", rank: .aside, severities: [.notice],
    title: "Very many connections are in TIME-WAIT",
    means: "The number of connections in TIME-WAIT comes near the kernel's limit.",
    condition: "Connections in TIME-WAIT are 80 % of `net.ipv4.tcp_max_tw_buckets` or more.",
    explanation:
      """
      The end that closes first keeps the pair of ports for a minute, so that late segments do \
      not reach a new connection. One costs some hundred bytes and no descriptor; tens of \
      thousands are normal on a busy server. At the limit the kernel ends further connections \
      without this state and counts them in TcpExtTCPTimeWaitOverflow. On a server TIME-WAIT does \
      not use up ports.
      """,
    remedy: [
      """
      Nothing, usually. Let clients close first, and keep connections open for more than one \
      request.
      """,
      "If TcpExtTCPTimeWaitOverflow rises, raise `net.ipv4.tcp_max_tw_buckets`.",
    ],
    avoid: ["shorten TIME-WAIT with SO_LINGER of 0: it resets connections, and answers are lost."],
    check: [
      "ss -s",
      "sockinspect counters tw TCPTimeWaitOverflow",
      "sysctl net.ipv4.tcp_max_tw_buckets",
    ],
    demo: [])

  /// Per cent of `net.ipv4.tcp_max_tw_buckets`.
  static let share = 80

  func findings(in host: HostObservation) -> [Finding] {
    host.last.counters.namespaces.compactMap { namespace in
      guard let count = host.last.counters.value("TCP", "tw", in: namespace),
        let limit = host.settings[namespace]?.mostTimeWait, limit > 0,
        count.percent(of: limit) >= Self.share
      else { return nil }
      var found = finding(count, limit)
      found.namespace = namespace
      return found
    }
  }

  private func finding(_ count: Int64, _ limit: Int64) -> Finding {
    var finding = Finding(
      Self.kind, .notice,
      "\(count) connections are in TIME-WAIT, \(count.percent(of: limit)) % of the limit "
        + "of \(limit)",
      about: .host)
    finding.story = [
      """
      Beyond \(limit) the kernel ends connections without TIME-WAIT; it counts them in \
      TcpExtTCPTimeWaitOverflow.
      """
    ]
    finding.evidence = [
      Evidence("in TIME-WAIT", count, unit: "connections", source: "/proc/net/sockstat TCP tw"),
      Evidence(
        "limit", limit, unit: "connections", source: "/proc/sys/net/ipv4/tcp_max_tw_buckets"),
    ]
    finding.fill(Placeholders())
    return finding
  }
}
