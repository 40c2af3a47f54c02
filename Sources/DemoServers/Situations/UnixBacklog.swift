/// The same on a unix socket, whose clients the kernel knows by name.
struct UnixBacklog: Situation {
  let name = "unix-backlog"
  let summary = "a unix listener is full: clients block in connect() and nothing counts them"
  let recipe = "serve serial --unix --backlog 2; 1 silent client, 3 queued, 2 blocked in connect"
  let expects: [FindingID] = [.unixBacklogFull, .serverBlocked]
  let allows: [FindingID] = [.waitsUpstream]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve(
      "serial", "--unix", Stage.abstractName("backlog"), "--backlog", "2")
    try stage.connect(to: server)
    try stage.wait("the server to wait for its silent client") { server.process.isIn(.receive) }
    for _ in 0..<3 { try stage.connect(to: server) }
    let callers = try stage.callers(2, of: self, "path=\(server.path ?? "")")
    try stage.wait("two clients to wait in connect") {
      callers.allSatisfy { $0.isIn(.connect) } && server.queueLength == 3
    }
    return Scene(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    try BlockedCaller.run(to: BlockedCaller.server(words))
  }
}
