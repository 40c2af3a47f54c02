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
