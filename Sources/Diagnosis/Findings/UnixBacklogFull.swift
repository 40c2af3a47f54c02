extension FindingDescription {
  static let unixBacklogFull = FindingDescription(
    id: "unix-backlog-full", severities: [.critical],
    title: "The queue of a unix listener is full",
    means: "As many clients as fit wait at a unix socket to be accepted; others block in connect.",
    condition:
      """
      At every look the length of the accept queue of a unix stream or seqpacket listener is \
      greater than its limit, and a client that waited at the first look waits still.
      """,
    explanation:
      """
      At a full unix listener a blocking connect sleeps until there is room, and a non-blocking \
      one fails at once with EAGAIN, which many web servers report as 'resource temporarily \
      unavailable'. There is no time-out, no retry and no counter of drops, so monitoring of \
      counters never sees it. The kernel does list who waits. As with TCP, the full queue is a \
      symptom of a program that does not accept.
      """,
    remedy: [
      """
      See what the processes behind the socket do; the other findings about this listener name \
      it.
      """,
      """
      If they all work and bursts overflow: more workers, or a larger backlog of the program \
      together with `net.core.somaxconn`.
      """,
    ],
    avoid: [
      "raise the backlog while nothing is accepted: more clients wait, and longer.",
      "remove the socket's file: clients then fail, and the queue stays.",
    ],
    check: ["ss -xlp src PATH", "sockinspect listen -x --waiting PATH"],
    demo: ["unix-backlog"])
}
