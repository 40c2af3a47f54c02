/// Clients whose connect() does not come back, because the server's queue is full.
struct ConnectStuck: Situation {
  let name = "connect-stuck"
  let summary = "two clients hang in connect(): the server's accept queue is full"
  let recipe = "serve serial --backlog 2; 1 silent client, 3 queued, 2 blocked in connect"
  let expects: [FindingID] = [.connectStuck, .acceptQueueFull, .serverBlocked]
  let allows: [FindingID] = [.acceptQueueDrops, .backlogSmall, .waitsUpstream]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("serial", "--backlog", "2")
    try stage.connect(to: server)
    try stage.wait("the server to wait for its silent client") { server.process.isIn(.receive) }
    try stage.crowd(server, backlog: 2)
    let callers = try stage.callers(2, of: self, "port=\(server.port)")
    try stage.wait("two clients to wait in connect") {
      callers.allSatisfy { $0.isIn(.connect) } && server.clients(.synSent).count == 2
    }
    return Scene(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    try BlockedCaller.run(to: BlockedCaller.server(words))
  }
}
