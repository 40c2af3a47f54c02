/// The servers of unanswered, with requests that are meant to wait.
struct LongPollHealthy: Scenario {
  let name = "long-poll-healthy"
  let summary = "healthy: requests wait for long, in an event loop that has nothing to tell them"
  let recipe = "an event loop → an event loop that keeps what it reads; 3 requests, and idle time"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "unanswered"

  private static let requests = 3

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let upstream = try harness.serve(NamedServer("demo-events", .event, "never-answer"), of: self)
    let front = try HarnessServer(harness.play("front", of: self, upstream.target))
    for _ in 0..<Self.requests { try harness.connect(to: front, saying: "news?\n") }
    try harness.wait("3 requests to wait in an idle event loop", lasting: 2500) {
      upstream.connections(.established).count { $0.inode != 0 } == Self.requests
        && upstream.process.isIn(.poll) && front.process.isIn(.poll)
        && front.hasReadAll && upstream.hasReadAll
    }
    return RunningScenario(front, upstream)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) { try EventRelay.run(words) }
}
