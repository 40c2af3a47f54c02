/// The server of worker-join without the join.
struct WorkerHealthy: Situation {
  let name = "worker-healthy"
  let summary = "healthy: a process per connection, and nobody waits for any of them"
  let recipe = "serve worker --join 0; one short visit after the other"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "worker-join"

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("worker", "--join", "0")
    try stage.visitOnce(server)
    return Scene(server)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for server in scene.servers { try stage.visit(server) }
  }
}
