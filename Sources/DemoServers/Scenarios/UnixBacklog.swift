/// The same on a unix socket, whose clients the kernel knows by name.
struct UnixBacklog: Scenario {
  let name = "unix-backlog"
  let summary = "a unix listener is full: clients block in connect() and nothing counts them"
  let recipe = "serve serial --unix --backlog 2; 1 silent client, 3 queued, 2 blocked in connect"
  let expects: [FindingID] = [.unixBacklogFull, .serverBlocked]
  let allows: [FindingID] = [.waitsUpstream]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve(
      "serial", "--unix", ScenarioHarness.abstractName("backlog"), "--backlog", "2")
    try harness.connect(to: server)
    try harness.wait("the server to wait for its silent client") { server.process.isIn(.receive) }
    for _ in 0..<3 { try harness.connect(to: server) }
    let callers = try harness.callers(2, of: self, "path=\(server.path ?? "")")
    try harness.wait("two clients to wait in connect") {
      callers.allSatisfy { $0.isIn(.connect) } && server.queueLength == 3
    }
    return RunningScenario(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    try BlockedCaller.run(to: BlockedCaller.server(words))
  }
}

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
