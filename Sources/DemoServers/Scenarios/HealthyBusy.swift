/// A host with a good deal to do and nothing wrong.
struct HealthyBusy: Scenario {
  let name = "healthy-busy"
  let summary = "healthy: an event loop and worker processes with a good deal to do"
  let recipe = "serve event, serve prefork; load --kind talk --rate 200"
  let expects: [FindingID] = []

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let event = try harness.serve("event", "--backlog", "128")
    let prefork = try harness.serve("prefork", "--workers", "8", "--backlog", "128")
    for server in [event, prefork] {
      try harness.load(
        server, "--kind", "talk", "--connections", "5", "--rate", "200", "--for", "86400")
    }
    try harness.wait("both servers to have clients") {
      !event.connections(.established).isEmpty && !prefork.connections(.established).isEmpty
    }
    return RunningScenario(event, prefork)
  }
}
