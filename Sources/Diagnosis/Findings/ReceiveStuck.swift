extension FindingDescription {
  static let receiveStuck = FindingDescription(
    id: "receive-stuck", severities: [.warning],
    title: "Received data is not read",
    means: "Bytes have arrived for the program and it did not read any of them over the interval.",
    condition:
      """
      A connection that a process holds has unread bytes at both looks, none fewer at the \
      second, and they are the same ones: nothing arrived meanwhile, or nothing of the \
      connection was ever read. A short backlog that moves is none, and where \
      the sender on this host is stuck that is peer-not-reading.
      """,
    explanation:
      """
      The kernel has acknowledged the data, so to the sender all is well until the buffer is full \
      and the window closes. The program does not read: it is busy with something else, waits for \
      something else, or has forgotten this connection. Recv-Q of a connection counts bytes; of a \
      listener it counts connections.
      """,
    remedy: [
      """
      See what the thread that should read does instead; the finding says so if it may be \
      looked at.
      """,
      """
      If the program reads on purpose only when it has room (back pressure), look behind it: at \
      what it passes the data on to.
      """,
    ],
    avoid: [
      """
      enlarge receive buffers: the program is not slow by some kilobytes, it does not read.
      """
    ],
    check: ["ss -tanp 'sport = :PORT'", "cat /proc/PID/task/TID/syscall"],
    demo: ["not-reading"])
}
