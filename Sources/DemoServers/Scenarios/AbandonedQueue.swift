/// Clients that gave up while they waited to be accepted.
struct AbandonedQueue: Scenario {
  let name = "abandoned-queue"
  let summary = "clients hung up in the accept queue: the server will serve them in vain"
  let recipe = "serve serial --backlog 5; 1 silent client, 6 queued, 4 of them hang up"
  let expects: [FindingID] = [.acceptQueueFull, .serverBlocked]
  let allows: [FindingID] = [.backlogSmall, .waitsUpstream]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("serial", "--backlog", "5")
    try harness.connect(to: server)
    try harness.wait("the server to wait for its silent client") { server.process.isIn(.receive) }
    try harness.crowd(server, backlog: 5, saying: "hello\n")
    for client in harness.clients.suffix(4) { harness.hangUp(client) }
    try harness.wait("four clients in the queue to hang up") {
      server.connections(.closeWait).count { $0.inode == 0 } == 4 && server.queueLength == 6
    }
    return RunningScenario(server)
  }
}
