/// The server of prefork-full with a worker to spare.
struct PreforkHealthy: Situation {
  let name = "prefork-healthy"
  let summary = "healthy: 2 of 3 worker processes hold idle clients, the third serves the rest"
  let recipe = "serve prefork --workers 3 --backlog 5; 2 silent clients, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "prefork-full"

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("prefork", "--workers", "3", "--backlog", "5")
    for _ in 0..<2 { try stage.connect(to: server) }
    try stage.wait("two workers to wait for their silent clients") {
      server.process.children.count { $0.isIn(.receive) } == 2
    }
    try stage.visitOnce(server)
    return Scene(server)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for server in scene.servers { try stage.visit(server) }
  }
}
