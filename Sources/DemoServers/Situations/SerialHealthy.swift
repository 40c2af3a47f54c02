/// The server of serial-blocked with clients that come, ask and go.
struct SerialHealthy: Situation {
  let name = "serial-healthy"
  let summary = "healthy: the same one-at-a-time server, and clients that come, ask and go"
  let recipe = "serve serial --backlog 5; one short visit after the other"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "serial-blocked"

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("serial", "--backlog", "5")
    try stage.visitOnce(server)
    return Scene(server)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for server in scene.servers { try stage.visit(server) }
  }
}
