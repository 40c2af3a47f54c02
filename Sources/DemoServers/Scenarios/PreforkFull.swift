/// As many worker processes as MaxClients allows, each with a client that says nothing.
struct PreforkFull: Scenario {
  let name = "prefork-full"
  let summary = "all 3 worker processes serve silent clients (MaxClients): none of them accepts"
  let recipe = "serve prefork --workers 3 --backlog 5; 3 silent clients, 6 queued, 14 in vain"
  let expects: [FindingID] = [.acceptQueueFull, .workersExhausted]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall, .waitsUpstream]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("prefork", "--workers", "3", "--backlog", "5")
    for _ in 0..<3 { try harness.connect(to: server) }
    try harness.wait("all three workers to wait for their silent clients") {
      server.process.children.count { $0.isIn(.receive) } == 3
    }
    try harness.crowd(server, backlog: 5, inVain: 14)
    return RunningScenario(server)
  }
}

/// The server of prefork-full with a worker to spare.
struct PreforkHealthy: Scenario {
  let name = "prefork-healthy"
  let summary = "healthy: 2 of 3 worker processes hold idle clients, the third serves the rest"
  let recipe = "serve prefork --workers 3 --backlog 5; 2 silent clients, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "prefork-full"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("prefork", "--workers", "3", "--backlog", "5")
    for _ in 0..<2 { try harness.connect(to: server) }
    try harness.wait("two workers to wait for their silent clients") {
      server.process.children.count { $0.isIn(.receive) } == 2
    }
    try harness.visitOnce(server)
    return RunningScenario(server)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for server in running.servers { try harness.visit(server) }
  }
}
