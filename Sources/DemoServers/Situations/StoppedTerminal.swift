/// A server that logs to a terminal which someone has stopped with Ctrl-S.
struct StoppedTerminal: Situation {
  let name = "stopped-terminal"
  let summary = "the server logs to a terminal stopped with Ctrl-S: its threads block in write()"
  let recipe = "a thread per connection that logs each request to a terminal; 3 requests"
  let expects: [FindingID] = [.outputBlocked]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let terminal = try StageTerminal(on: &stage)
    try terminal.stopOutput()
    let server = try stage.serve(
      NamedServer("demo-thread", .thread, "log-line"), of: self, errors: terminal.descriptor)
    for _ in 0..<3 { try stage.connect(to: server, saying: "hello\n") }
    try stage.wait("three threads to block in write", lasting: 2500) {
      server.process.threads(in: .send) == 3 && server.hasReadAll
    }
    return Scene(server)
  }
}
