/// Which kinds of findings can cause which: those of an earlier rank those of a later one.
enum CauseOrder {
  /// From what happens by itself to what is only seen of it.
  private static let ranks: [[String]] = [
    ["process-stopped", "wait-cycle", "self-call", "tcp-memory"],
    ["close-wait-leak", "peer-not-reading"],
    ["descriptors-exhausted", "lock-wait"],
    ["waits-upstream"],
    [
      "server-blocked", "workers-exhausted", "event-loop-blocked", "acceptor-waits-child",
      "listener-paused",
    ],
    ["syn-queue-pressure", "unix-receive-full"],
    ["accept-queue-full", "unix-backlog-full", "reuseport-imbalance"],
    ["accept-queue-filling", "accept-queue-drops", "udp-drops"],
    ["receive-stuck", "connect-stuck", "retransmitting", "request-unanswered"],
  ]

  private static let serving: Set<String> = [
    "server-blocked", "workers-exhausted", "event-loop-blocked", "acceptor-waits-child",
    "listener-paused",
  ]

  static func isBefore(_ cause: String, _ effect: String) -> Bool {
    // A server that is stuck makes the one before it wait.
    if serving.contains(cause), serving.contains(effect) || effect == "waits-upstream" {
      return true
    }
    guard let one = rank(cause), let other = rank(effect) else { return false }
    return one < other
  }

  private static func rank(_ id: String) -> Int? { ranks.firstIndex { $0.contains(id) } }
}
