/// Worker processes that all want a file which another process has locked.
struct FileLocked: Situation {
  let name = "file-lock"
  let summary = "both worker processes wait for a file that another process has locked"
  let recipe = "a process that keeps a file locked; 2 prefork workers in flock, 3 clients queued"
  let expects: [FindingID] = [.workersExhausted, .lockWait]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let holder = try stage.play("holder", of: self, "flock")
    guard let path = holder["path"] else { throw DemoError("the holder did not say its file") }
    let server = try stage.serve(
      NamedServer("demo-prefork", .prefork, "file-lock:\(path)", workers: 2, backlog: 16),
      of: self)
    for _ in 0..<2 { try stage.connect(to: server, saying: "update\n") }
    try stage.wait("both workers to wait in flock", lasting: 1000) {
      server.process.children.count { $0.isIn(.lock) } == 2
    }
    for _ in 0..<3 { try stage.connect(to: server, saying: "update\n") }
    try stage.wait("three clients in the accept queue") { server.queueLength == 3 }
    return Scene(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) { try FileHolder.run(words) }
}
