extension FindingDescription {
  static let workersExhausted = FindingDescription(
    id: "workers-exhausted", severities: [.critical],
    title: "All workers are busy",
    means:
      """
      Every process or thread that serves this listener is occupied, and clients queue behind \
      them.
      """,
    condition:
      """
      Connections wait in the accept queue, or in a queue inside the program, and none of the \
      processes or threads behind the listener waited for work in either look: each was blocked \
      in the same call throughout, or computing.
      """,
    explanation:
      """
      Servers with a fixed number of processes or threads (Apache calls it MaxRequestWorkers, \
      once MaxClients) serve just as many connections at once, and an idle connection occupies a \
      worker as well as a busy one does. When the last worker is taken, new connections are still \
      completed by the kernel and wait in the accept queue. What the workers wait for tells the \
      cause: for clients, it is slow or silent clients; for one other server, it is that one; for \
      a lock, it is who holds it.
      """,
    remedy: WorkersRemedy.allCases.map { "If they \($0.condition): \($0.text)" } + [
      "If memory allows and the load is legitimate: more workers."
    ],
    avoid: [
      """
      add workers that will wait for the same slow thing: they pass the load on to what is \
      already stuck.
      """,
      "lengthen the accept queue: it hides the shortage until all clients have timed out.",
    ],
    check: [
      "sockinspect listen --waiting :PORT",
      "grep . /proc/PID/task/*/syscall",
      "ss -tanp 'sport = :PORT'",
    ],
    demo: ["prefork-full", "pool-exhausted", "pool-lock", "upstream-chain"])
}
