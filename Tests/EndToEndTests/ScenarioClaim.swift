import Foundation

/// Something that is true of a scenario, and how to see it from outside.
struct ScenarioClaim: Sendable {
  let says: String
  let isTrue: @Sendable (ScenarioLook) throws -> Bool

  init(_ says: String, _ isTrue: @escaping @Sendable (ScenarioLook) throws -> Bool) {
    (self.says, self.isTrue) = (says, isTrue)
  }

  /// Asks again for a while: tools look at one moment, and some scenarios move.
  func comesTrue(_ look: ScenarioLook) throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while try !isTrue(look) {
      if .now > deadline { return false }
      usleep(20_000)
    }
    return true
  }

  /// What to look for in each scenario.
  static let all: [String: [ScenarioClaim]] =
    models.merging(faults) { $1 }.merging(queues) { $1 }.merging(waits) { $1 }
    .merging(healthy) { $1 }
}

/// Claims that several scenarios share.
extension ScenarioClaim {
  /// A queue that holds one more than its limit, as the kernel lets it.
  static func full(_ limit: Int) -> ScenarioClaim {
    ScenarioClaim("ss -l: \(limit + 1) in a queue of \(limit)") {
      try $0.queues() == [ScenarioQueue(length: limit + 1, limit: limit)]
    }
  }

  static func inVain(_ count: Int) -> ScenarioClaim {
    ScenarioClaim("ss, netstat: \(count) clients in SYN-SENT") {
      try $0.calling("SYN-SENT").count == count && $0.netstat("SYN_SENT") == count
    }
  }

  static func server(in call: ScenarioCall) -> ScenarioClaim {
    ScenarioClaim("/proc: the server sleeps in \(call)") { $0.server.threads(in: call) > 0 }
  }

  /// A server that answers: its queue is empty whenever one looks again.
  static let answers = ScenarioClaim("ss -l: nobody waits for accept") { look in
    try look.queues().allSatisfy { $0.length == 0 }
  }

  /// Visits go on: the client closes first and so has the TIME-WAIT.
  static let visited = ScenarioClaim("ss: the short visits go on") { look in
    let before = try look.calling("TIME-WAIT", "-Htan").count
    usleep(400_000)
    return try look.calling("TIME-WAIT", "-Htan").count > before
  }

  static func established(_ count: Int) -> ScenarioClaim {
    ScenarioClaim("ss: \(count) accepted connections") {
      try $0.served("ESTAB").count { $0.hasOwner } == count
    }
  }
}
