/// A thread for each of 300 idle connections: costly, and nothing is wrong with it.
struct ThreadMany: Scenario {
  let name = "thread-many"
  let summary = "healthy: a thread per connection, 300 of them waiting for idle clients"
  let recipe = "serve thread --backlog 512; load --kind silent --connections 300"
  let expects: [FindingID] = []

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    // Room for all of them: of a crowd in a full SYN queue the kernel forgets some, and a silent
    // client never learns of it.
    let server = try harness.serve("thread", "--backlog", "512")
    try harness.load(server, "--kind", "silent", "--connections", "300")
    try harness.wait("300 threads that wait for their clients") {
      server.process.threads(in: .receive) >= 300
    }
    return RunningScenario(server)
  }
}
