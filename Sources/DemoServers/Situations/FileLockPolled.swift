/// Worker processes that ask again and again for a file which another process has locked.
struct FileLockPolled: Situation {
  let name = "file-lock-polled"
  let summary = "both worker processes poll a locked file, as SQLite does: no waiter in /proc/locks"
  let recipe = "a process that keeps a file locked; 2 prefork workers ask every 50 ms, 3 queued"
  let expects: [FindingID] = [.workersExhausted]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let holder = try stage.play("holder", of: self, "posix")
    guard let path = holder["path"] else { throw DemoError("the holder did not say its file") }
    let server = try stage.serve(
      NamedServer("demo-prefork", .prefork, "polled-file-lock:\(path)", workers: 2, backlog: 16),
      of: self)
    for _ in 0..<2 { try stage.connect(to: server, saying: "update\n") }
    try stage.wait("both workers to ask for the lock", lasting: 1000) {
      server.process.children.count { $0.hasOpen(path) && !$0.isIn(.accept) } == 2
    }
    for _ in 0..<3 { try stage.connect(to: server, saying: "update\n") }
    try stage.wait("three clients in the accept queue") { server.queueLength == 3 }
    return Scene(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) { try FileHolder.run(words) }
}
