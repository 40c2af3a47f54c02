extension FindingDescription {
  static let acceptQueueFull = FindingDescription(
    id: "accept-queue-full", severities: [.critical],
    title: "The accept queue is full",
    means:
      """
      More connections wait to be accepted than the limit of the queue; new clients are kept out.
      """,
    condition:
      """
      At every look the length of the accept queue is greater than its limit, and either a \
      connection that waited at the first look waits still, or the listener dropped some \
      meanwhile. The kernel lets in one connection more than the limit says, so a queue whose \
      length equals its limit still has room for one.
      """,
    explanation:
      """
      The kernel finishes handshakes by itself and puts the connections into the listener's \
      accept queue, where they wait until the program calls `accept(2)`. Here the program takes \
      them out too slowly, or not at all. While the queue is full, the kernel drops the SYN of \
      every new client. The client stays in SYN-SENT and sends it again, after a second for the \
      first time and ever more rarely later: to its user the service is slow or dead, not \
      refused. The full queue is a symptom; another finding about the same listener usually names \
      the cause.
      """,
    remedy: [
      """
      Cure what keeps the program from accepting; the findings about its threads say what that \
      is.
      """,
      """
      If it does accept all the time and only bursts overflow the queue, raise both limits: the \
      backlog that the program gives to `listen(2)`, and `net.core.somaxconn`. The program must \
      call `listen(2)` again, that is, be restarted or reloaded.
      """,
    ],
    avoid: [
      "raise the backlog while nothing is accepted: more clients wait, and longer.",
      """
      set `net.ipv4.tcp_abort_on_overflow` to 1: bursts that would have passed after a \
      moment then fail for good.
      """,
    ],
    check: [
      "ss -ltn 'sport = :PORT'",
      "sockinspect listen --waiting :PORT",
      "nstat -az TcpExtListenOverflows TcpExtListenDrops",
    ],
    demo: [
      "serial-blocked",
      "prefork-full",
      "pool-exhausted",
      "event-spin",
      "stopped",
      "abandoned-queue",
    ])
}
