/// Requests that every server has read at once and none answers.
struct Unanswered: Scenario {
  let name = "unanswered"
  let summary = "requests are read at once and never answered: the upstream's threads want a lock"
  let recipe = "an event loop → 3 threads in a lock that a fourth keeps; 3 requests, no queue"
  let expects: [FindingID] = [.requestUnanswered, .lockWait]
  let allows: [FindingID] = [.waitsUpstream]

  private static let requests = 3

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let upstream = try harness.serve(NamedServer("demo-backend", .thread, "kept-lock"), of: self)
    let front = try HarnessServer(harness.play("front", of: self, upstream.target))
    for _ in 0..<Self.requests { try harness.connect(to: front, saying: "order\n") }
    try harness.wait("3 requests to wait for the lock", lasting: 2500) {
      upstream.process.threads(in: .futex) == Self.requests && front.process.isIn(.poll)
        && front.hasReadAll && upstream.hasReadAll
    }
    return RunningScenario(front, upstream)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) { try EventRelay.run(words) }
}
