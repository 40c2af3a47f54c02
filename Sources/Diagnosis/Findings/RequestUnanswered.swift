extension FindingDescription {
  static let requestUnanswered = FindingDescription(
    id: "request-unanswered", severities: [.warning, .notice],
    title: "Requests are not answered",
    means:
      """
      A server has read its clients' requests, and sleeps on something else instead of answering.
      """,
    condition:
      """
      A process that serves one client had read all the client sent, and then, over a whole \
      interval, did not move, was not waiting for that client, and sent nothing. A warning from 2 \
      seconds on, when other sessions of the same server wait for their clients; else a notice.
      """,
    explanation:
      """
      All queues are empty, so nothing looks wrong: the connection is accepted, the request is \
      read. What the session waits for is in the program's own memory, and the kernel knows only \
      that it sleeps. In a database it is mostly a lock that another session holds, often one \
      whose client has begun a transaction and not ended it. A request that takes its time on \
      purpose, a long poll or a sleep, looks the same.
      """,
    remedy: [
      "Ask the program itself what the session waits for; databases have a view of their locks.",
      """
      Look at the sessions that have been silent for longer: one of them may hold what the \
      others want.
      """,
    ],
    avoid: ["end the sessions that wait: the next ones wait as well."],
    check: ["cat /proc/PID/syscall", "ps -o pid,args --ppid PPID"],
    demo: [])
}
