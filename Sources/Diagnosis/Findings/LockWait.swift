extension FindingDescription {
  static let lockWait = FindingDescription(
    id: "lock-wait", severities: [.notice],
    title: "Threads wait for a lock",
    means: "Threads that should serve wait for a lock that somebody holds.",
    condition:
      """
      While work is queued, threads that ought to serve slept in futex on one and the same \
      address, in flock or fcntl on one file, or in semop, in both looks. Sleeping in futex alone \
      is normal for idle threads and is never reported.
      """,
    explanation:
      """
      A lock makes threads take turns. If its holder waits for something slow while it holds it, \
      such as a client, a disk, or another server, all others wait as long. The kernel does not \
      say who holds a futex; for files `/proc/locks` does. A thread of the same program that is \
      not waiting for the lock, but for something else, is the likely holder, and what it waits \
      for is the cause.
      """,
    remedy: [
      "Look at the thread that does not wait for the lock.",
      "Do not hold a lock across reads, writes and calls to other servers.",
      """
      Locks of a database: look for sessions that are idle in a transaction, and give those a \
      time-out.
      """,
    ],
    avoid: ["add threads: they queue at the same lock."],
    check: ["grep . /proc/PID/task/*/syscall", "cat /proc/locks"],
    demo: ["pool-lock", "upstream-chain"])
}
