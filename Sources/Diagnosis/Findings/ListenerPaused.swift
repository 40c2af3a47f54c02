extension FindingDescription {
  static let listenerPaused = FindingDescription(
    id: "listener-paused", severities: [.warning],
    title: "The program has stopped listening to its listener",
    means: "The listener is in nobody's set of awaited descriptors, though its owners look idle.",
    condition:
      """
      Connections wait in the accept queue, all threads of all owners wait for something, and the \
      listener is in none of their epoll, poll or select sets and in no call of accept. Where a \
      set cannot be read this is not claimed.
      """,
    explanation:
      """
      Servers with a limit on connections often take their listener out of the event loop when \
      the limit is reached, and put it back when somebody leaves. The kernel knows nothing of \
      that: it completes handshakes and queues them. If nobody ever leaves, nobody is ever \
      accepted. A program that forgets to put the listener back looks the same.
      """,
    remedy: [
      """
      Compare the number of connections with the program's own limit (maxconn, \
      worker_connections, maxclients and the like), and raise it or close idle connections \
      sooner.
      """,
      """
      If it is far below its limit, the program has not resumed: a restart frees it, its \
      maintainers will want to know.
      """,
    ],
    avoid: ["raise the backlog or `net.core.somaxconn`: the limit is inside of the program."],
    check: [
      "grep tfd /proc/PID/fdinfo/EPFD",
      "ls -l /proc/PID/fd | grep INODE",
      "ss -tan 'sport = :PORT' | wc -l",
    ],
    demo: ["paused-listener"])
}
