/// A server that calls a command for each answer, and a command that does not come to its end.
struct ChildWaited: Situation {
  let name = "child-waited"
  let summary = "a one-at-a-time server reads from a child process that sleeps; all others wait"
  let recipe = "serve serial with a handler that reads what a child prints; 1 request, 3 queued"
  let expects: [FindingID] = [.serverBlocked]
  let allows: [FindingID] = [.requestUnanswered, .acceptorWaitsChild]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve(
      NamedServer("demo-serial", .serial, "child:\(name)", backlog: 16), of: self)
    try stage.connect(to: server, saying: "report\n")
    try stage.wait("the server to read from its child", lasting: 1000) {
      server.process.isIn(.receive) && server.process.children.contains { $0.isIn(.sleep) }
    }
    for _ in 0..<3 { try stage.connect(to: server, saying: "hello\n") }
    try stage.wait("three clients in the accept queue") { server.queueLength == 3 }
    return Scene(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    StagePart.setName("demo-report")
    Clock.sleepForever()
  }
}
