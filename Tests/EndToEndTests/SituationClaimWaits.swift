import Foundation

extension SituationClaim {
  /// Requests that wait behind something that no accept queue shows.
  static let waits: [String: [SituationClaim]] = [
    "unanswered": [
      server(in: .poll), nothingUnread,
      SituationClaim("/proc: three threads of the upstream wait in one futex") {
        $0.process(1).threads(in: .futex) == 3
      },
    ],
    "long-poll-healthy": [
      answers, nothingUnread, server(in: .poll),
      SituationClaim("/proc: the upstream has one thread, and it waits for events") {
        $0.process(1).threads.count == 1 && $0.process(1).threads(in: .poll) == 1
      },
    ],
  ]

  /// What its clients sent has been read, by every server.
  static let nothingUnread = SituationClaim("ss: nobody waits for accept, nothing is unread") {
    look in
    try look.ready.servers.allSatisfy { server in
      let rows = try look.rows(port: server.port)
      return rows.contains { $0.state == "ESTAB" }
        && rows.allSatisfy { $0.receiveQueue == 0 && $0.sendQueue == 0 || $0.state == "LISTEN" }
    }
  }
}
