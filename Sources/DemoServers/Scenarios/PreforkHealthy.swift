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
