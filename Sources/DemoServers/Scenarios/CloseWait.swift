/// A server that never closes what its clients have closed.
struct CloseWait: Scenario {
  let name = "close-wait"
  let summary = "clients hung up long ago and the server has never closed: descriptors leak"
  let recipe = "serve event --max-files 256 --handler never-close; 120 visits"
  let expects: [FindingID] = [.closeWaitLeak]

  private static let visits = 120

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("event", "--max-files", "256", "--handler", "never-close")
    for _ in 0..<Self.visits {
      let client = try harness.connect(to: server, saying: "hello\n")
      try harness.wait("an answer") { !client.hear().isEmpty }
      harness.hangUp(client)
    }
    try harness.wait("\(Self.visits) connections in CLOSE-WAIT") {
      server.connections(.closeWait).count { $0.inode != 0 } == Self.visits
    }
    return RunningScenario(server)
  }
}
