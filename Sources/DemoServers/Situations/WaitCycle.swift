/// Two servers that ask each other.
struct WaitCycle: Situation {
  let name = "wait-cycle"
  let summary = "two one-at-a-time servers wait for each other's answer"
  let recipe = "serve serial --handler upstream:B, serve serial --handler upstream:A; 1 request"
  let expects: [FindingID] = [.waitCycle]
  let allows: [FindingID] = [.serverBlocked, .waitsUpstream, .requestUnanswered]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let port = try stage.reservePort()
    let first = try stage.serve("serial", "--handler", "upstream:127.0.0.1:\(port)")
    let second = try stage.serve(
      "serial", "--port", "\(port)", "--handler", "upstream:\(first.target)")
    try stage.connect(to: first, saying: "hello\n")
    try stage.wait("both to wait for each other") {
      first.process.isIn(.receive) && second.process.isIn(.receive) && first.queueLength == 1
    }
    return Scene(first, second)
  }
}
