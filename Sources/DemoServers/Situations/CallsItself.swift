/// A server that calls itself while it has no thread left to answer.
struct CallsItself: Situation {
  let name = "self-call"
  let summary = "a one-at-a-time server asks itself and waits in its own accept queue"
  let recipe = "serve serial --handler self; 1 request"
  let expects: [FindingID] = [.selfCall]
  let allows: [FindingID] = [.serverBlocked, .waitsUpstream]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("serial", "--handler", "self")
    try stage.connect(to: server, saying: "hello\n")
    try stage.wait("the server to wait for itself") {
      server.queueLength == 1 && server.process.isIn(.receive)
    }
    return Scene(server)
  }
}
