extension FindingDescription {
  static let waitsUpstream = FindingDescription(
    id: "waits-upstream", severities: [.notice],
    title: "Threads wait for another server",
    means: "Threads that should serve wait for the answer of a peer: the trouble lies there.",
    condition:
      """
      Threads behind a listener with waiting clients slept in a read, or in a wait with a \
      time-out begun again, on connections that their process opened itself, in both looks. By \
      itself a notice; it becomes the cause that other findings point to.
      """,
    explanation:
      """
      The server is a client as well: of an application, a database, a cache, a name server. Its \
      threads wait for that peer's answer, and so its own clients wait for them. If the peer is \
      on this host, the chain is followed into it, and the finding says what it waits for in \
      turn. If it is remote, look there with the same questions.
      """,
    remedy: [
      "Look at the end of the chain first; what stands before it recovers by itself.",
      """
      Give calls to other servers time-outs, and limit how many threads may wait for the same \
      one.
      """,
    ],
    avoid: [
      """
      add threads or a longer queue in front: they put more load on the server that is already \
      late.
      """
    ],
    check: ["ss -tanp | grep pid=PID,", "sockinspect diagnose PEER", "ss -tni dst PEER"],
    demo: ["event-blocked-upstream", "upstream-chain"])
}
