/// A server that serves one client at a time, and a client that says nothing.
struct SerialBlocked: Scenario {
  let name = "serial-blocked"
  let summary = "one silent client keeps a one-at-a-time server from all the others"
  let recipe = "serve serial --backlog 5; 1 silent client, 6 in the queue, 3 in vain"
  let expects: [FindingID] = [.acceptQueueFull, .serverBlocked]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall, .waitsUpstream]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("serial", "--backlog", "5")
    try harness.connect(to: server)
    try harness.wait("the server to wait for its silent client") { server.process.isIn(.receive) }
    try harness.crowd(server, backlog: 5, saying: "hello\n", inVain: 3)
    return RunningScenario(server)
  }
}

/// The server of serial-blocked with clients that come, ask and go.
struct SerialHealthy: Scenario {
  let name = "serial-healthy"
  let summary = "healthy: the same one-at-a-time server, and clients that come, ask and go"
  let recipe = "serve serial --backlog 5; one short visit after the other"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "serial-blocked"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("serial", "--backlog", "5")
    try harness.visitOnce(server)
    return RunningScenario(server)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for server in running.servers { try harness.visit(server) }
  }
}
