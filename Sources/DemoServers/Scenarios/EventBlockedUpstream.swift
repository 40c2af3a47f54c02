/// An event loop that asks another server and waits for the answer in its one thread.
struct EventBlockedUpstream: Scenario {
  let name = "event-blocked-upstream"
  let summary = "an event loop waits in a blocking call for a slow upstream"
  let recipe = "serve event --handler upstream:(serve thread --handler sleep:100000)"
  let expects: [FindingID] = [.eventLoopBlocked, .waitsUpstream, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let upstream = try harness.serve("thread", "--handler", "sleep:100000")
    let front = try harness.serve(
      "event", "--backlog", "5", "--handler", "upstream:\(upstream.target)")
    try harness.connect(to: front, saying: "ask\n")
    try harness.wait("the loop to wait for its upstream") {
      front.process.isIn(.receive) && upstream.process.isIn(.sleep)
    }
    try harness.crowd(front, backlog: 5, saying: "hello\n", inVain: 2)
    return RunningScenario(front, upstream)
  }
}
