extension FindingDescription {
  static let connectStuck = FindingDescription(
    id: "connect-stuck", severities: [.warning],
    title: "A connection attempt gets no answer",
    means: "A client's SYN was sent and nothing came back; its program waits in connect.",
    condition:
      """
      A connection was in SYN-SENT at both looks and its SYN has been sent again at least once. \
      If the server's listener is on this host, its queue is looked at as well.
      """,
    explanation:
      """
      An address where nobody listens answers at once with a reset, and connect fails. No answer \
      at all means that the SYN or its answer is dropped: by a firewall, by a host that is down, \
      or by a server whose accept queue is full. The client tries again, after a second for the \
      first time and ever more rarely later, and gives up after one or two minutes \
      (`net.ipv4.tcp_syn_retries`).
      """,
    remedy: [
      "If the listener is on this host: see its accept queue.",
      "Else see whether the host can be reached and whether a firewall drops rather than rejects.",
      "Give connect a time-out of a few seconds and try another address.",
    ],
    avoid: ["raise `net.ipv4.tcp_syn_retries`: the client waits longer and still hears nothing."],
    check: ["ss -tanop state syn-sent", "sockinspect listen :PORT"],
    demo: ["connect-stuck"])
}
