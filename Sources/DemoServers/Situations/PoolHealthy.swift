/// The server of pool-exhausted with threads to spare.
struct PoolHealthy: Situation {
  let name = "pool-healthy"
  let summary = "healthy: 2 of 4 pool threads hold idle clients, the others serve the rest"
  let recipe = "serve pool --workers 4 --backlog 5; 2 silent clients, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "pool-exhausted"

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("pool", "--workers", "4", "--backlog", "5")
    for _ in 0..<2 { try stage.connect(to: server) }
    try stage.wait("two threads to wait for their silent clients") {
      server.process.threads(in: .receive) == 2
    }
    try stage.visitOnce(server)
    return Scene(server)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for server in scene.servers { try stage.visit(server) }
  }
}
