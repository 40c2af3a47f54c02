/// A server that sends a lot to clients who do not read.
struct SlowReader: Scenario {
  let name = "slow-reader"
  let summary = "clients don't read what they asked for: the server sticks in sending"
  let recipe = "serve thread --handler flood:67108864; load --kind never-read --connections 2"
  let expects: [FindingID] = [.peerNotReading]
  let allows: [FindingID] = [.receiveStuck]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("thread", "--handler", "flood:67108864")
    try harness.load(server, "--kind", "never-read", "--connections", "2")
    try harness.wait("two threads that stick in sending") {
      server.process.threads(in: .send) == 2
        && server.connections(.established).count { $0.sendQueue > 0 } == 2
    }
    return RunningScenario(server)
  }
}
