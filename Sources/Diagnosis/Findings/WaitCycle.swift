extension FindingDescription {
  static let waitCycle = FindingDescription(
    id: "wait-cycle", severities: [.critical],
    title: "Processes wait for each other in a ring",
    means:
      """
      Each process of the ring waits for the answer of the next, and the last one for the first.
      """,
    condition:
      """
      The chain of who waits for whom, followed through sockets, pipes and locks of this host, \
      comes back to where it began, and none of its members moved between the two looks.
      """,
    explanation:
      """
      Every server of the ring uses its last free thread to ask the next one, and so nobody is \
      left to answer. Such rings form where services call each other both ways, and often only \
      under load, when the last spare worker is taken. Nothing inside of the ring can end it but \
      a time-out.
      """,
    remedy: [
      "Break the ring now: close one connection of it, or restart one member; all others go on.",
      "Give the calls time-outs that grow shorter from caller to callee.",
      "Let calls go one way: make one direction asynchronous, or serve it with workers of its own.",
    ],
    avoid: [
      "restart all members at once: the load meets them cold and the ring comes back.",
      "only add workers: the ring then needs a little more load.",
    ],
    check: ["ss -tanp | grep pid=PID,", "cat /proc/PID/task/TID/syscall"],
    demo: ["wait-cycle"])
}
