extension FindingDescription {
  static let processStopped = FindingDescription(
    id: "process-stopped", severities: [.critical, .warning],
    title: "The process is stopped",
    means:
      """
      The owner of the listener is stopped, traced or frozen; it cannot run, though it looks \
      idle.
      """,
    condition:
      """
      All threads that could accept are in state T (stopped) or t (stopped by a tracer), or in a \
      frozen control group. Critical when connections wait and nobody else serves the listener; \
      a warning when others do, or nobody waits yet.
      """,
    explanation:
      """
      A stopped process keeps its sockets. The kernel still completes handshakes for it, so \
      clients connect and then hear nothing. Tools show it in the system call in which it was \
      stopped, often `accept(2)` or epoll_wait, which looks like patience. It was stopped by a \
      signal (SIGSTOP, or Ctrl-Z and a background job that reads its terminal), by a debugger, or \
      by the freezer of its control group, as when a container is paused.
      """,
    remedy: [
      "State T: continue it with `kill -CONT PID`, once it is known who stopped it and why.",
      "State t: let the tracer go on or detach; TracerPid in the process's status names it.",
      "Frozen: thaw the group, by resuming the container or writing 0 to cgroup.freeze.",
    ],
    avoid: [
      "restart it at once: somebody may be debugging it.",
      "end it with `kill -TERM`: a stopped process does not see that before it is continued.",
    ],
    check: [
      "grep -E 'State|TracerPid' /proc/PID/status",
      "cat /proc/PID/cgroup",
      "cat /sys/fs/cgroup/GROUP/cgroup.events",
    ],
    demo: ["stopped", "reuseport-stopped"])
}
