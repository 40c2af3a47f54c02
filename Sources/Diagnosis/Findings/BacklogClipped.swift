extension FindingDescription {
  static let backlogClipped = FindingDescription(
    id: "backlog-clipped", severities: [.notice],
    title: "The kernel has cut the backlog",
    means:
      """
      The limit of the accept queue equals net.core.somaxconn: the program may have asked for \
      more.
      """,
    condition:
      """
      The limit of a listener equals `net.core.somaxconn`, and the listener has dropped \
      connections or its queue has been above half of it.
      """,
    explanation:
      """
      The limit of an accept queue is the smaller one of what the program gives to `listen(2)` \
      and `net.core.somaxconn`, as they were at that moment. Equal numbers suggest that the \
      program wanted more, such as 65535 or as many as there may be; what it asked for cannot be \
      seen afterwards.
      """,
    remedy: [
      """
      If bursts overflow the queue: raise `net.core.somaxconn` and restart or reload the \
      program, so that it calls `listen(2)` again.
      """
    ],
    avoid: [
      "raise it for a program that does not accept: see accept-queue-full.",
      """
      expect a running listener to change by itself: the limit was fixed when it called \
      `listen(2)`.
      """,
    ],
    check: ["ss -ltn 'sport = :PORT'", "sysctl net.core.somaxconn"],
    demo: [])
}
