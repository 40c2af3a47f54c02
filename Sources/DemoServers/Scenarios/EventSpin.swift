/// An event loop that computes in its one thread.
struct EventSpin: Scenario {
  let name = "event-spin"
  let summary = "an event loop burns CPU on one request while all other clients wait"
  let recipe = "serve event --backlog 5 --handler spin:100000; 1 request, 6 queued, 2 in vain"
  let expects: [FindingID] = [.eventLoopBlocked, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("event", "--backlog", "5", "--handler", "spin:100000")
    try harness.connect(to: server, saying: "compute\n")
    let before = server.process.ticks
    try harness.wait("the loop to burn CPU") { server.process.ticks > before + 10 }
    try harness.crowd(server, backlog: 5, saying: "hello\n", inVain: 2)
    return RunningScenario(server)
  }
}
