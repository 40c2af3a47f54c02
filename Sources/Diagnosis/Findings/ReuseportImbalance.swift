extension FindingDescription {
  static let reuseportImbalance = FindingDescription(
    id: "reuseport-imbalance", severities: [.critical],
    title: "One shard of a port is not served",
    means:
      """
      Several sockets share the port with SO_REUSEPORT; one fills up while the others are empty.
      """,
    condition:
      """
      Of the listeners that share an address by SO_REUSEPORT, one or more have a full queue, or \
      one above 70 % that does not drain, at every look, while all others are empty.
      """,
    explanation:
      """
      With SO_REUSEPORT the kernel gives each new connection to one of the sockets, by a hash of \
      the addresses, and does not look at how full they are. If the owner of one socket is \
      stopped, dead in a loop, or holds the socket open without ever accepting, its share of the \
      clients hangs and all others are served at once. To clients it looks random: the same \
      client port hangs again and again, the next one works.
      """,
    remedy: [
      "Wake or restart the owner of the shard; the finding names it and what it does.",
      """
      If nobody means to accept from it, for example after a reload that left an old socket \
      open, close it: end the process that holds it.
      """,
    ],
    avoid: [
      "restart only the healthy workers.",
      "raise the backlog: only this one shard is full.",
    ],
    check: ["ss -ltnp 'sport = :PORT'", "sockinspect listen :PORT"],
    demo: ["reuseport-stopped"])
}
