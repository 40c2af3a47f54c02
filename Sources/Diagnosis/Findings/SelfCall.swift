extension FindingDescription {
  static let selfCall = FindingDescription(
    id: "self-call", severities: [.critical],
    title: "The server waits for itself",
    means: "A process waits for an answer on a connection that waits in its own accept queue.",
    condition:
      """
      A thread waits on a connection whose other end stands in an accept queue, and everybody who \
      could accept from that queue is this same process, blocked in such a wait.
      """,
    explanation:
      """
      While it serves a request, the server calls its own address, such as its own API by its \
      public name, and waits for the answer. The call stands in the accept queue and could be \
      served only by a thread that is free. If there is one thread, or if all of them are in such \
      a call, none will ever be: it is a deadlock that ends only with a time-out.
      """,
    remedy: [
      "To free it at once, close its call with `sockinspect kill`.",
      "Call the function instead of the service.",
      """
      If it has to be a request, give it a time-out, and serve such requests with workers of \
      their own.
      """,
    ],
    avoid: [
      "add just one worker: one more such request at the same time, and it is stuck again.",
      "raise the backlog: nothing is accepted, so the wait only grows.",
    ],
    check: [
      "ss -tanp 'dport = :PORT'",
      "cat /proc/PID/task/TID/syscall",
      "sockinspect listen --waiting :PORT",
    ],
    demo: ["self-call"])
}
