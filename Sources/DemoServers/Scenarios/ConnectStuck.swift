/// Clients whose connect() does not come back, because the server's queue is full.
struct ConnectStuck: Scenario {
  let name = "connect-stuck"
  let summary = "two clients hang in connect(): the server's accept queue is full"
  let recipe = "serve serial --backlog 2; 1 silent client, 3 queued, 2 blocked in connect"
  let expects: [FindingID] = [.connectStuck, .acceptQueueFull, .serverBlocked]
  let allows: [FindingID] = [.acceptQueueDrops, .backlogSmall, .waitsUpstream]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("serial", "--backlog", "2")
    try harness.connect(to: server)
    try harness.wait("the server to wait for its silent client") { server.process.isIn(.receive) }
    try harness.crowd(server, backlog: 2)
    let callers = try harness.callers(2, of: self, "port=\(server.port)")
    try harness.wait("two clients to wait in connect") {
      callers.allSatisfy { $0.isIn(.connect) } && server.clients(.synSent).count == 2
    }
    return RunningScenario(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    try BlockedCaller.run(to: BlockedCaller.server(words))
  }
}
