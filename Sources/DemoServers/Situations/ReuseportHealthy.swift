/// Four processes with a listener each on one port, all at work.
struct ReuseportHealthy: Situation {
  let name = "reuseport-healthy"
  let summary = "healthy: 4 SO_REUSEPORT shards share the clients of one port"
  let recipe = "4 × serve event --reuseport --backlog 8; 40 idle clients, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "reuseport-stopped"

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let shards = try stage.shards(4)
    for _ in 0..<5 { try fill(shards[0], on: &stage) }
    try stage.visitOnce(shards[0])
    return Scene(shards)
  }

  /// No more at once than fit into the queue of one shard, wherever the kernel puts them.
  private func fill(_ server: StageServer, on stage: inout Stage) throws(DemoError) {
    for _ in 0..<8 { try stage.connect(to: server) }
    try stage.wait("eight clients to be accepted") { server.queueLength == 0 }
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    if let server = scene.servers.first { try stage.visit(server) }
  }
}
