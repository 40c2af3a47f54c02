extension FindingDescription {
  static let retransmitting = FindingDescription(
    id: "retransmitting", severities: [.warning],
    title: "Sent data is not acknowledged",
    means: "The kernel sends the same data again and again and hears nothing.",
    condition:
      """
      A connection's retransmission timer had fired twice or more in a row at the first look and \
      three times or more at the last, without an acknowledgement. Clients of this host whose \
      server end is still in a SYN queue do not count.
      """,
    explanation:
      """
      The peer, or the way to it, is gone: a host that is down, a firewall that has forgotten the \
      connection, a cable. The kernel doubles the wait each time, up to two minutes, and gives up \
      after about 15 minutes with the default of `net.ipv4.tcp_retries2`. Until then the program \
      believes the connection alive, and a thread that waits for the answer waits as long.
      """,
    remedy: [
      """
      See whether the peer can be reached at all, and whether a firewall in between drops idle \
      connections sooner than keep-alive keeps them alive.
      """,
      "Set TCP_USER_TIMEOUT, or read time-outs, in programs that must notice sooner.",
      """
      Keep-alive finds dead peers of connections on which nothing is sent; it does not work \
      while data is unacknowledged.
      """,
    ],
    avoid: [
      """
      lower `net.ipv4.tcp_retries2` for the whole host below 8: it cuts connections that \
      would recover.
      """
    ],
    check: [
      "ss -tanio 'dport = :PORT'",
      "sockinspect counters --interval 1 RetransSegs TCPTimeouts TCPAbortOnTimeout",
    ],
    demo: [])
}
