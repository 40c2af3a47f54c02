/// A server that calls itself while it has no thread left to answer.
struct CallsItself: Scenario {
  let name = "self-call"
  let summary = "a one-at-a-time server asks itself and waits in its own accept queue"
  let recipe = "serve serial --handler self; 1 request"
  let expects: [FindingID] = [.selfCall]
  let allows: [FindingID] = [.serverBlocked, .waitsUpstream]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("serial", "--handler", "self")
    try harness.connect(to: server, saying: "hello\n")
    try harness.wait("the server to wait for itself") {
      server.queueLength == 1 && server.process.isIn(.receive)
    }
    return RunningScenario(server)
  }
}
