/// A client that has used up its local ports towards one server.
struct TimeWaitPorts: Situation {
  let name = "time-wait-ports"
  let summary = "short connections have used up the local ports: connect says EADDRNOTAVAIL"
  let recipe = "serve event, 100 local ports, tcp_tw_reuse 0; visits until none is left"
  let expects: [FindingID] = [.ephemeralPorts]
  let allows: [FindingID] = [.timeWaitPressure]
  let needs: [Need] = [.ownNetwork]

  static let ports = 100

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    try StageNetwork.set("ipv4/ip_local_port_range", to: "40000 \(40000 + Self.ports - 1)")
    try StageNetwork.set("ipv4/tcp_tw_reuse", to: "0")
    let server = try stage.serve("event", "--port", "9000")
    try useUpPorts(server, on: &stage)
    try stage.wait("\(Self.ports) connections in TIME-WAIT") {
      server.clients(.timeWait).count == Self.ports
    }
    return Scene(server)
  }

  /// After a minute a port is free again; the next visit takes it at once.
  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for server in scene.servers { try useUpPorts(server, on: &stage) }
  }

  /// Whoever closes first keeps the port in TIME-WAIT.
  private func useUpPorts(_ server: StageServer, on stage: inout Stage) throws(DemoError) {
    while let client = try? stage.connect(to: server) {
      stage.hangUp(client)
      try Stage.checkSignals()
    }
  }
}
