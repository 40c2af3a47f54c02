/// The server of unix-backlog with clients that come, ask and go.
struct UnixHealthy: Scenario {
  let name = "unix-healthy"
  let summary = "healthy: a unix server, and clients that come, ask and go"
  let recipe = "serve thread --unix --backlog 16; one idle client, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "unix-backlog"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve(
      "thread", "--unix", ScenarioHarness.abstractName("healthy"), "--backlog", "16")
    try harness.connect(to: server)
    try harness.visitOnce(server)
    return RunningScenario(server)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for server in running.servers { try harness.visit(server) }
  }
}
