extension FindingDescription {
  static let eventLoopBlocked = FindingDescription(
    id: "event-loop-blocked", severities: [.critical],
    title: "The event loop is stuck",
    means:
      """
      The thread that should wait for all connections at once is held up in one piece of work.
      """,
    condition:
      """
      Connections wait, or received data does, and the thread that watches the listener was \
      outside of its waiting call (epoll_wait, poll, select) in both looks: running and using \
      nearly all of the interval as processor time, or asleep in one other call with no context \
      switch between.
      """,
    explanation:
      """
      An event loop serves many connections with one thread by never waiting for a single one of \
      them. If one handler computes for long, sleeps, asks another server and waits for the \
      answer, or takes a lock that somebody else holds, all connections stand still: those that \
      wait to be accepted and those that have been served for hours.
      """,
    remedy: [
      """
      Move long computations and blocking calls out of the loop, to a thread or process of \
      their own.
      """,
      "Use the framework's non-blocking client for calls to other servers, with a time-out.",
      """
      Find the place in the code: a stack of the thread (`gdb`, `py-spy`, `perf`) shows it \
      while it is stuck.
      """,
    ],
    avoid: [
      "raise the backlog or the limit on open files: the loop does not look at either.",
      """
      add event loops before the cause is known: each will be stuck as soon as it gets such a \
      request.
      """,
    ],
    check: [
      "cat /proc/PID/task/TID/syscall",
      "grep -E 'State|ctxt' /proc/PID/task/TID/status",
      "top -H -p PID",
    ],
    demo: ["event-spin", "event-sleep", "event-blocked-upstream"])
}
