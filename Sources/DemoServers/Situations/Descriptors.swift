/// A server that has as many files open as it may.
struct Descriptors: Situation {
  let name = "descriptors"
  let summary = "the server has all the open files it may have: accept fails with EMFILE"
  let recipe = "serve thread --max-files 32 --backlog 16; idle clients until it is full, 5 more"
  let expects: [FindingID] = [.descriptorsExhausted]
  let allows: [FindingID] = [.serverBlocked, .acceptQueueFilling, .eventLoopBlocked]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("thread", "--max-files", "32", "--backlog", "16")
    while server.process.descriptorCount < 32 {
      let before = server.process.descriptorCount
      try stage.connect(to: server)
      try stage.wait("another open file") { server.process.descriptorCount > before }
    }
    for _ in 0..<5 { try stage.connect(to: server) }
    try stage.wait("five clients that cannot be accepted") { server.queueLength == 5 }
    return Scene(server)
  }
}
