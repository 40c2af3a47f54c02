extension FindingDescription {
  static let timeWaitPressure = FindingDescription(
    id: "time-wait-pressure", severities: [.notice],
    title: "Very many connections are in TIME-WAIT",
    means: "The number of connections in TIME-WAIT comes near the kernel's limit.",
    condition:
      """
      Connections in TIME-WAIT are 80 % of `net.ipv4.tcp_max_tw_buckets` or more.
      """,
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
    avoid: [
      "shorten TIME-WAIT with SO_LINGER of 0: it resets connections, and answers are lost."
    ],
    check: [
      "ss -s",
      "sockinspect counters tw TCPTimeWaitOverflow",
      "sysctl net.ipv4.tcp_max_tw_buckets",
    ],
    demo: [])
}
