/// A server that logs to a terminal which someone has stopped with Ctrl-S.
struct StoppedTerminal: Scenario {
  let name = "stopped-terminal"
  let summary = "the server logs to a terminal stopped with Ctrl-S: its threads block in write()"
  let recipe = "a thread per connection that logs each request to a terminal; 3 requests"
  let expects: [FindingID] = [.outputBlocked]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let terminal = try HarnessTerminal(on: &harness)
    try terminal.stopOutput()
    let server = try harness.serve(
      NamedServer("demo-thread", .thread, "log-line"), of: self, errors: terminal.descriptor)
    for _ in 0..<3 { try harness.connect(to: server, saying: "hello\n") }
    try harness.wait("three threads to block in write", lasting: 2500) {
      server.process.threads(in: .send) == 3 && server.hasReadAll
    }
    return RunningScenario(server)
  }
}
