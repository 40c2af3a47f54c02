/// The server of pool-exhausted with threads to spare.
struct PoolHealthy: Scenario {
  let name = "pool-healthy"
  let summary = "healthy: 2 of 4 pool threads hold idle clients, the others serve the rest"
  let recipe = "serve pool --workers 4 --backlog 5; 2 silent clients, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "pool-exhausted"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("pool", "--workers", "4", "--backlog", "5")
    for _ in 0..<2 { try harness.connect(to: server) }
    try harness.wait("two threads to wait for their silent clients") {
      server.process.threads(in: .receive) == 2
    }
    try harness.visitOnce(server)
    return RunningScenario(server)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for server in running.servers { try harness.visit(server) }
  }
}
