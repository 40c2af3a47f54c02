/// As many worker processes as MaxClients allows, each with a client that says nothing.
struct PreforkFull: Situation {
  let name = "prefork-full"
  let summary = "all 3 worker processes serve silent clients (MaxClients): nobody accepts any more"
  let recipe = "serve prefork --workers 3 --backlog 5; 3 silent clients, 6 queued, 14 in vain"
  let expects: [FindingID] = [.acceptQueueFull, .workersExhausted]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall, .waitsUpstream]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("prefork", "--workers", "3", "--backlog", "5")
    for _ in 0..<3 { try stage.connect(to: server) }
    try stage.wait("all three workers to wait for their silent clients") {
      server.process.children.count { $0.isIn(.receive) } == 3
    }
    try stage.crowd(server, backlog: 5, inVain: 14)
    return Scene(server)
  }
}
