/// A server that serves one client at a time, and a client that says nothing.
struct SerialBlocked: Situation {
  let name = "serial-blocked"
  let summary = "one silent client keeps a one-at-a-time server from all the others"
  let recipe = "serve serial --backlog 5; 1 silent client, 6 in the queue, 3 in vain"
  let expects: [FindingID] = [.acceptQueueFull, .serverBlocked]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall, .waitsUpstream]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("serial", "--backlog", "5")
    try stage.connect(to: server)
    try stage.wait("the server to wait for its silent client") { server.process.isIn(.receive) }
    try stage.crowd(server, backlog: 5, saying: "hello\n", inVain: 3)
    return Scene(server)
  }
}
