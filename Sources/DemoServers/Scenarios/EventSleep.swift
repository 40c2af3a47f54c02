/// An event loop that sleeps in its one thread.
struct EventSleep: Scenario {
  let name = "event-sleep"
  let summary = "an event loop sleeps within one request while all other clients wait"
  let recipe = "serve event --backlog 5 --handler sleep:100000; 1 request, 6 queued, 2 in vain"
  let expects: [FindingID] = [.eventLoopBlocked, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("event", "--backlog", "5", "--handler", "sleep:100000")
    try harness.connect(to: server, saying: "wait\n")
    try harness.wait("the loop to sleep") { server.process.isIn(.sleep) }
    try harness.crowd(server, backlog: 5, saying: "hello\n", inVain: 2)
    return RunningScenario(server)
  }
}
