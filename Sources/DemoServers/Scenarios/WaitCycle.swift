/// Two servers that ask each other.
struct WaitCycle: Scenario {
  let name = "wait-cycle"
  let summary = "two one-at-a-time servers wait for each other's answer"
  let recipe = "serve serial --handler upstream:B, serve serial --handler upstream:A; 1 request"
  let expects: [FindingID] = [.waitCycle]
  let allows: [FindingID] = [.serverBlocked, .waitsUpstream, .requestUnanswered]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let port = try harness.reservePort()
    let first = try harness.serve("serial", "--handler", "upstream:127.0.0.1:\(port)")
    let second = try harness.serve(
      "serial", "--port", "\(port)", "--handler", "upstream:\(first.target)")
    try harness.connect(to: first, saying: "hello\n")
    try harness.wait("both to wait for each other") {
      first.process.isIn(.receive) && second.process.isIn(.receive) && first.queueLength == 1
    }
    return RunningScenario(first, second)
  }
}
