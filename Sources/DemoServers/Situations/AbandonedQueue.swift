/// Clients that gave up while they waited to be accepted.
struct AbandonedQueue: Situation {
  let name = "abandoned-queue"
  let summary = "clients gave up in the accept queue: the server will serve their ghosts"
  let recipe = "serve serial --backlog 5; 1 silent client, 6 queued, 4 of them hang up"
  let expects: [FindingID] = [.acceptQueueFull, .serverBlocked]
  let allows: [FindingID] = [.backlogSmall, .waitsUpstream]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("serial", "--backlog", "5")
    try stage.connect(to: server)
    try stage.wait("the server to wait for its silent client") { server.process.isIn(.receive) }
    try stage.crowd(server, backlog: 5, saying: "hello\n")
    for client in stage.clients.suffix(4) { stage.hangUp(client) }
    try stage.wait("four ghosts in the queue") {
      server.connections(.closeWait).count { $0.inode == 0 } == 4 && server.queueLength == 6
    }
    return Scene(server)
  }
}
