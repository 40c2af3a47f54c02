extension FindingDescription {
  static let acceptQueueDrops = FindingDescription(
    id: "accept-queue-drops", severities: [.warning, .notice],
    title: "The listener has dropped connections",
    means: "Segments of clients that wanted to connect were dropped at this listener.",
    condition:
      """
      The listener's own count of drops rose within the interval by more than deferred accepts \
      that ran out (warning), or is not 0 but stands still (notice). What the SYN queue drops is \
      syn-queue-pressure.
      """,
    explanation:
      """
      The kernel counts drops for each listening socket. Most often they are SYNs that found the \
      accept queue full, or last ACKs of handshakes that did. The figure counts segments, not \
      clients: every retry of the same client counts again, and so do the last ACKs that a \
      listener with TCP_DEFER_ACCEPT sets aside, repeated SYNs and filters. So it says that \
      something was dropped here, and when it rises, that it is happening now; it does not say \
      how many clients were turned away.
      """,
    remedy: [
      "While it rises: see why the accept queue is full, or what else is dropped.",
      """
      When it stands still: see what happened then, in the logs of the program and in \
      monitoring. A larger backlog helps if it was a burst.
      """,
    ],
    avoid: [
      "read the number as a number of refused clients.",
      """
      compare it with TcpExtListenDrops of `nstat`: that one is the sum over all listeners of \
      the network namespace.
      """,
    ],
    check: [
      "ss -ltnm 'sport = :PORT'",
      "sockinspect listen --interval 1 :PORT",
      "sockinspect counters --interval 1 ListenDrops ListenOverflows TCPDeferAcceptDrop",
    ],
    demo: [])
}
