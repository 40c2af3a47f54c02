/// A thread for each of 300 idle connections: costly, and nothing is wrong with it.
struct ThreadMany: Situation {
  let name = "thread-many"
  let summary = "healthy: a thread per connection, 300 of them waiting for idle clients"
  let recipe = "serve thread --backlog 512; load --kind silent --connections 300"
  let expects: [FindingID] = []

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    // Room for all of them: of a crowd in a full SYN queue the kernel forgets some, and a silent
    // client never learns of it.
    let server = try stage.serve("thread", "--backlog", "512")
    try stage.load(server, "--kind", "silent", "--connections", "300")
    try stage.wait("300 threads that wait for their clients") {
      server.process.threads(in: .receive) >= 300
    }
    return Scene(server)
  }
}
