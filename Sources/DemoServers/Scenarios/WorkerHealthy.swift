/// The server of worker-join without the join.
struct WorkerHealthy: Scenario {
  let name = "worker-healthy"
  let summary = "healthy: a process per connection, and the server waits for none of them"
  let recipe = "serve worker --join 0; one short visit after the other"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "worker-join"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("worker", "--join", "0")
    try harness.visitOnce(server)
    return RunningScenario(server)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for server in running.servers { try harness.visit(server) }
  }
}
