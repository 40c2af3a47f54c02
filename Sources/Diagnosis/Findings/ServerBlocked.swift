extension FindingDescription {
  static let serverBlocked = FindingDescription(
    id: "server-blocked", severities: [.critical],
    title: "The only thread that accepts is blocked",
    means:
      """
      One thread both accepts and serves, and it waits for something else while clients queue.
      """,
    condition:
      """
      Connections wait in the accept queue, exactly one thread accepts from it, and that thread \
      slept in the same system call, not one that waits for new connections, in both looks, with \
      no context switch between them.
      """,
    explanation:
      """
      A serial server accepts a connection, serves it to its end and only then accepts the next. \
      As long as the one client says nothing, does not read its answer, or as long as something \
      behind the server does not answer, nobody else is served, however little there is to do. \
      One silent connection is enough, and it need not be ill-meant: a pooled connection, a \
      health check, or a browser that connects in advance does it.
      """,
    remedy: [
      """
      To free it at once, end the client that it waits for, or close that connection with \
      `sockinspect kill`.
      """,
      "Give every read and write on a client's connection a time-out.",
      "Serve clients side by side: processes, threads, or an event loop.",
    ],
    avoid: [
      "raise the backlog: nothing is accepted, so the wait only grows.",
      "restart it without a time-out: the next silent client does it again.",
    ],
    check: ["cat /proc/PID/task/TID/syscall", "ls -l /proc/PID/fd/FD", "ss -tanp 'sport = :PORT'"],
    demo: ["serial-blocked", "abandoned-queue", "connect-stuck", "unix-backlog"])
}
