extension FindingDescription {
  static let acceptorWaitsChild = FindingDescription(
    id: "acceptor-waits-child", severities: [.critical],
    title: "The accepting thread waits for a child process",
    means:
      """
      The server starts a process for a connection and waits for its end before it accepts the \
      next.
      """,
    condition:
      """
      Connections wait in the accept queue and the only thread that accepts slept in a wait for a \
      child process (wait4, waitid) or for the end of a thread, in both looks.
      """,
    explanation:
      """
      The server looks as if it worked in parallel, since each connection has a process or thread \
      of its own, but the parent joins it before it goes on. So there is never more than one at \
      work, and the rate at which clients are accepted is one per time that a request takes, or \
      per second if the wait has such a time-out.
      """,
    remedy: [
      """
      Do not wait in the accepting thread: reap children on SIGCHLD, or with `waitpid(2)` and \
      WNOHANG after each accept; detach threads.
      """,
      """
      Check the time-out of the join: with 1 s it is one connection a second, however fast the \
      children are.
      """,
    ],
    avoid: [
      "raise the backlog: it holds a few seconds more of clients, at the same rate.",
      "ignore SIGCHLD blindly in a program that needs its children's exit status.",
    ],
    check: [
      "cat /proc/PID/task/TID/syscall",
      "cat /proc/PID/task/TID/children",
      "sockinspect listen --interval 5 :PORT",
    ],
    demo: ["worker-join"])
}
