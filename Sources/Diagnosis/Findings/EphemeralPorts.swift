extension FindingDescription {
  static let ephemeralPorts = FindingDescription(
    id: "ephemeral-ports", severities: [.critical, .warning],
    title: "Local ports towards one destination run out",
    means:
      """
      Connections to one address and port have used nearly all local ports there are for them.
      """,
    condition:
      """
      Connections from one local address to one remote address and port take 80 % of \
      `net.ipv4.ip_local_port_range` or more (warning), or 98 % (critical: connect fails with \
      EADDRNOTAVAIL or soon will). Those in TIME-WAIT count where `net.ipv4.tcp_tw_reuse` does \
      not let the kernel use their ports again.
      """,
    explanation:
      """
      A connection is known by its two addresses and ports. Towards one address and port only the \
      local port can differ, and by default about 28,000 may be used. A client that opens a \
      connection for each request leaves each of them in TIME-WAIT for a minute, so some 470 new \
      ones a second use them all up. With live connections, such as those of a proxy, the same \
      holds for their number.
      """,
    remedy: [
      "Keep connections open and use them again: keep-alive, a connection pool.",
      "Spread over more destination or local addresses.",
      """
      Widen `net.ipv4.ip_local_port_range`, leaving out the ports on which servers listen. \
      Allow `net.ipv4.tcp_tw_reuse` 1 for outgoing connections, if timestamps are on at both \
      ends.
      """,
    ],
    avoid: [
      """
      lower `net.ipv4.tcp_max_tw_buckets`: connections are then ended without the protection \
      of TIME-WAIT.
      """,
      "lower `net.ipv4.tcp_fin_timeout`: it does not set the length of TIME-WAIT.",
    ],
    check: [
      "ss -tan 'dport = :PORT' | awk 'NR > 1 {print $1}' | sort | uniq -c",
      "sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse",
    ],
    demo: ["time-wait-ports"])
}
