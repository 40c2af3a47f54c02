/// Workers that work all the time, and more clients than they can serve.
struct Overload: Situation {
  let name = "overload"
  let summary = "both workers compute all the time and clients come faster: the queue never empties"
  let recipe = "serve prefork --workers 2 --backlog 64 --handler spin:0.3; 28 clients at any time"
  let expects: [FindingID] = [.overloaded]

  /// Two are served while the others wait: well below the limit, never none, and each for about 4 s.
  private static let clients = 28

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve(
      "prefork", "--workers", "2", "--backlog", "64", "--handler", "spin:0.3")
    try keepComing(to: server, on: &stage)
    let workers = server.process.children
    let before = workers.map(\.ticks)
    // Two rounds of answers: the queue is as long as before.
    repeat {
      try keepComing(to: server, on: &stage)
      try stage.goOn(waitingFor: "workers that compute while clients wait")
    } while server.queueLength <= Self.clients / 2
      || zip(workers, before).contains { $0.ticks < $1 + 60 }
    return Scene(server)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for server in scene.servers { try keepComing(to: server, on: &stage) }
  }

  /// Who has an answer leaves, and somebody new comes.
  private func keepComing(to server: StageServer, on stage: inout Stage) throws(DemoError) {
    for client in stage.clients where !client.hear().isEmpty { stage.hangUp(client) }
    while stage.clients.count < Self.clients {
      try stage.connect(to: server, saying: "compute\n")
    }
  }
}
