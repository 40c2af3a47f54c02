extension FindingDescription {
  static let synQueuePressure = FindingDescription(
    id: "syn-queue-pressure", severities: [.critical, .warning],
    title: "Half-open connections pile up",
    means:
      """
      Many handshakes are begun and not finished; the SYN queue is full or the kernel uses SYN \
      cookies.
      """,
    condition:
      """
      Connection requests in SYN-RECV take 75 % or more of what the SYN queue holds, and within \
      the interval the kernel sent SYN cookies although it does not always do so (warning), or \
      dropped requests while the accept queue had room (critical). Requests alone are no reason: \
      a listener with TCP_DEFER_ACCEPT holds them on purpose.
      """,
    explanation:
      """
      A handshake that waits for the client's last ACK stands in the SYN queue; that is not the \
      accept queue. It fills if the answers do not reach the clients, if they come from forged \
      addresses (a SYN flood), or if the last ACKs are dropped since the accept queue is full. \
      With `net.ipv4.tcp_syncookies` 1, the default, the kernel then answers without remembering \
      anything and the service lives on, with some TCP options lost. Without cookies new clients \
      are dropped.
      """,
    remedy: [
      "If the accept queue is full too: begin there, the SYN queue follows from it.",
      "Leave SYN cookies on: `sysctl net.ipv4.tcp_syncookies` should say 1.",
      """
      For a flood: filter upstream or by rate limits. For legitimate load: raise \
      `net.ipv4.tcp_max_syn_backlog` and the listener's backlog, since the smaller one counts.
      """,
    ],
    avoid: [
      "switch cookies off to see fewer of them in the log.",
      """
      take a listener with TCP_DEFER_ACCEPT for a flood: it keeps silent clients in SYN-RECV \
      for up to a minute by design.
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
}
