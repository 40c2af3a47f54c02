/// A process per connection, and an acceptor that waits up to a second for each of them.
struct WorkerJoin: Scenario {
  let name = "worker-join"
  let summary = "after each accept the server waits a second for its child: one connection a second"
  let recipe = "serve worker --join 1 --backlog 16 --handler sleep:20; 15 clients kept waiting"
  let expects: [FindingID] = [.acceptorWaitsChild, .acceptQueueFilling]
  let allows: [FindingID] = [.backlogSmall]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve(
      "worker", "--join", "1", "--backlog", "16", "--handler", "sleep:20")
    for _ in 0..<15 { try harness.connect(to: server, saying: "hello\n") }
    try harness.wait("the server to wait for its child") {
      let server = server.process
      return !server.children.isEmpty && (server.isIn(.waitChild) || server.isIn(.poll))
    }
    return RunningScenario(server)
  }

  /// As one client is accepted, the next one joins the queue; a client that has its answer leaves.
  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for client in harness.clients where !client.hear().isEmpty { harness.hangUp(client) }
    for server in running.servers where server.queueLength < 15 {
      try harness.connect(to: server, saying: "hello\n")
    }
  }
}

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
