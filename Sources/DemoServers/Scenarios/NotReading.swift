/// A server that accepts and does not read.
struct NotReading: Scenario {
  let name = "not-reading"
  let summary = "requests arrived and the server never reads them"
  let recipe = "serve thread --handler never-read; 3 clients send 4 KiB each"
  let expects: [FindingID] = [.receiveStuck]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("thread", "--handler", "never-read")
    let text = String(repeating: "x", count: 4095) + "\n"
    for _ in 0..<3 { try harness.connect(to: server, saying: text) }
    try harness.wait("three connections with unread bytes") {
      server.connections(.established).count { $0.receiveQueue == 4096 && $0.inode != 0 } == 3
    }
    return RunningScenario(server)
  }
}
