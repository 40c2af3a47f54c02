import ProcNet

extension ListenColumn {
  /// What became of those that came.
  static let historyColumns: [ListenColumn] = [
    number("drops", "Drops", "dropped at this listener since it began; retries count again") {
      .count($0.listener.drops)
    },
    number("drop-rate", "Drops/s", "the same per second, with --interval") {
      $0.rate.map { .rate($0) } ?? .unknown
    },
    ListenColumn("accepted", "Accepted", "accepted connections by state") { row, _ in
      row.listener.connections.map(accepted) ?? .unknown
    },
    number("estab", "Estab", "accepted connections in ESTAB") {
      .count($0.listener.connections.map { $0[.established] ?? 0 })
    },
    number("close-wait", "Close-wait", "accepted, hung up by the client, not closed") {
      .count($0.listener.connections.map { $0[.closeWait] ?? 0 })
    },
  ]

  /// `ESTAB:12,CLOSE-WAIT:1`, in the kernel's order of states.
  private static func accepted(_ connections: [SocketState: Int]) -> ListenValue {
    let states = connections.filter { $0.value > 0 }.sorted { $0.key.rawValue < $1.key.rawValue }
    if states.isEmpty { return .count(0) }
    return .words(states.map { "\($0.key.name):\($0.value)" }.joined(separator: ","))
  }
}
