/// Workers that work all the time, and more clients than they can serve.
struct Overload: Scenario {
  let name = "overload"
  let summary = "both workers compute all the time and clients come faster: the queue never empties"
  let recipe = "serve prefork --workers 2 --backlog 64 --handler spin:0.3; 28 clients at any time"
  let expects: [FindingID] = [.overloaded]

  /// Two are served while the others wait: well below the limit, at least one, and each for about
  /// 4 s.
  private static let clients = 28

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve(
      "prefork", "--workers", "2", "--backlog", "64", "--handler", "spin:0.3")
    try keepComing(to: server, on: &harness)
    let workers = server.process.children
    let before = workers.map(\.ticks)
    // Two rounds of answers: the queue is as long as before.
    repeat {
      try keepComing(to: server, on: &harness)
      try harness.goOn(waitingFor: "workers that compute while clients wait")
    } while server.queueLength <= Self.clients / 2
      || zip(workers, before).contains { $0.ticks < $1 + 60 }
    return RunningScenario(server)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for server in running.servers { try keepComing(to: server, on: &harness) }
  }

  /// A client that has its answer leaves, and a new one comes.
  private func keepComing(to server: HarnessServer, on harness: inout ScenarioHarness)
    throws(DemoError)
  {
    for client in harness.clients where !client.hear().isEmpty { harness.hangUp(client) }
    while harness.clients.count < Self.clients {
      try harness.connect(to: server, saying: "compute\n")
    }
  }
}
