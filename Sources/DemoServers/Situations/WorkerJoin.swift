/// A process per connection, and an acceptor that waits up to a second for each of them.
struct WorkerJoin: Situation {
  let name = "worker-join"
  let summary = "after each accept the server waits a second for its child: one connection a second"
  let recipe = "serve worker --join 1 --backlog 16 --handler sleep:20; 15 clients kept waiting"
  let expects: [FindingID] = [.acceptorWaitsChild, .acceptQueueFilling]
  let allows: [FindingID] = [.backlogSmall]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve(
      "worker", "--join", "1", "--backlog", "16", "--handler", "sleep:20")
    for _ in 0..<15 { try stage.connect(to: server, saying: "hello\n") }
    try stage.wait("the server to wait for its child") {
      let server = server.process
      return !server.children.isEmpty && (server.isIn(.waitChild) || server.isIn(.poll))
    }
    return Scene(server)
  }

  /// As one client is taken in, the next one joins the queue; who got an answer leaves.
  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for client in stage.clients where !client.hear().isEmpty { stage.hangUp(client) }
    for server in scene.servers where server.queueLength < 15 {
      try stage.connect(to: server, saying: "hello\n")
    }
  }
}
