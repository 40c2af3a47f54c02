/// The server of unix-backlog with clients that come, ask and go.
struct UnixHealthy: Situation {
  let name = "unix-healthy"
  let summary = "healthy: a unix server, and clients that come, ask and go"
  let recipe = "serve thread --unix --backlog 16; one idle client, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "unix-backlog"

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve(
      "thread", "--unix", Stage.abstractName("healthy"), "--backlog", "16")
    try stage.connect(to: server)
    try stage.visitOnce(server)
    return Scene(server)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for server in scene.servers { try stage.visit(server) }
  }
}
