/// A server that has as many files open as it may.
struct Descriptors: Scenario {
  let name = "descriptors"
  let summary = "the server has all the open files it may have: accept fails with EMFILE"
  let recipe = "serve thread --max-files 32 --backlog 16; idle clients until it is full, 5 more"
  let expects: [FindingID] = [.descriptorsExhausted]
  let allows: [FindingID] = [.serverBlocked, .acceptQueueFilling, .eventLoopBlocked]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("thread", "--max-files", "32", "--backlog", "16")
    // How many it has room for is the server's affair: it gets one after the other until it can
    // take no more and five are left over.
    while !isFull(server) || server.queueLength < 5 {
      if server.queueLength < 5 { try harness.connect(to: server) }
      try harness.goOn(waitingFor: "all 32 files to be open and five clients to be left over")
    }
    return RunningScenario(server)
  }

  private func isFull(_ server: HarnessServer) -> Bool { server.process.descriptorCount >= 32 }
}
