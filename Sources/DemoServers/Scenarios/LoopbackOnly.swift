/// A server that listens on one address of its host, and clients that use another one.
struct LoopbackOnly: Scenario {
  let name = "loopback-only"
  let summary = "the server listens on 127.0.0.1 only; who uses another address is refused"
  let recipe = "serve event on 127.0.0.1; a client that asks 127.0.0.2, again and again"
  let expects: [FindingID] = [.notListening]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("event")
    let target = "127.0.0.2:\(server.port)"
    // Ready once it has been refused.
    _ = try harness.play("caller", of: self, target)
    return RunningScenario(server, target: target)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    HarnessPart.setName("demo-caller")
    while !HarnessClient.isRefused(by: words.first ?? "") { Clock.sleep(0.1) }
    HarnessPart.sayReady("")
    while true {
      _ = HarnessClient.isRefused(by: words.first ?? "")
      Clock.sleep(0.2)
    }
  }
}
