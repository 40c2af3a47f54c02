/// A server that calls a command for each answer, and a command that does not come to its end.
struct ChildWaited: Scenario {
  let name = "child-waited"
  let summary = "a one-at-a-time server reads from a child process that sleeps; all others wait"
  let recipe = "serve serial with a handler that reads what a child prints; 1 request, 3 queued"
  let expects: [FindingID] = [.serverBlocked]
  let allows: [FindingID] = [.requestUnanswered, .acceptorWaitsChild]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve(
      NamedServer("demo-serial", .serial, "child:\(name)", backlog: 16), of: self)
    try harness.connect(to: server, saying: "report\n")
    try harness.wait("the server to read from its child", lasting: 1000) {
      server.process.isIn(.receive) && server.process.children.contains { $0.isIn(.sleep) }
    }
    for _ in 0..<3 { try harness.connect(to: server, saying: "hello\n") }
    try harness.wait("three clients in the accept queue") { server.queueLength == 3 }
    return RunningScenario(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    HarnessPart.setName("demo-report")
    Clock.sleepForever()
  }
}
