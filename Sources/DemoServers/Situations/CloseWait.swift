/// A server that never closes what its clients have closed.
struct CloseWait: Situation {
  let name = "close-wait"
  let summary = "clients hung up long ago and the server has never closed: descriptors leak"
  let recipe = "serve event --max-files 256 --handler never-close; 120 visits"
  let expects: [FindingID] = [.closeWaitLeak]

  private static let visits = 120

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("event", "--max-files", "256", "--handler", "never-close")
    for _ in 0..<Self.visits {
      let client = try stage.connect(to: server, saying: "hello\n")
      try stage.wait("an answer") { !client.hear().isEmpty }
      stage.hangUp(client)
    }
    try stage.wait("\(Self.visits) connections in CLOSE-WAIT") {
      server.connections(.closeWait).count { $0.inode != 0 } == Self.visits
    }
    return Scene(server)
  }
}
