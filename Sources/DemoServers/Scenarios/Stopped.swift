/// A server that was stopped with SIGSTOP.
struct Stopped: Scenario {
  let name = "stopped"
  let summary = "the server is stopped (SIGSTOP, Ctrl-Z): it looks idle and answers no client"
  let recipe = "serve event --backlog 5, SIGSTOPped; 2 old clients, 6 queued, 2 in vain"
  let expects: [FindingID] = [.processStopped, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall, .receiveStuck]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("event", "--backlog", "5")
    for _ in 0..<2 {
      let client = try harness.connect(to: server, saying: "hello\n")
      try harness.wait("an answer") { !client.hear().isEmpty }
    }
    try harness.stop(server)
    try harness.crowd(server, backlog: 5, inVain: 2)
    return RunningScenario(server)
  }
}
