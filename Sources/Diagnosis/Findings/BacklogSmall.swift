extension FindingDescription {
  static let backlogSmall = FindingDescription(
    id: "backlog-small", severities: [.notice],
    title: "The backlog is very small",
    means: "The accept queue of this listener holds only a few connections, and it has overflowed.",
    condition:
      """
      The limit of a listener is 16 or less and it has dropped connections. A small limit alone \
      is not reported.
      """,
    explanation:
      """
      Frameworks and examples call `listen(2)` with numbers such as 5 or 10. A few clients at the \
      same instant fill such a queue, and those that do not fit wait a second or longer for their \
      next attempt, even though the program is fast enough.
      """,
    remedy: [
      """
      Give `listen(2)` a larger backlog, 128 or more, where the program or its configuration \
      sets it.
      """
    ],
    avoid: [
      "raise `net.core.somaxconn` alone: the smaller number counts, and that is the program's.",
      "answer with a larger backlog where the program is blocked.",
    ],
    check: ["ss -ltnm 'sport = :PORT'"],
    demo: [])
}
