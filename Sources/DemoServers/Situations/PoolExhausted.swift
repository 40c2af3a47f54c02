/// A pool of threads, each with a client that says nothing.
struct PoolExhausted: Situation {
  let name = "pool-exhausted"
  let summary = "all 4 threads of a pool wait for silent clients; accepted work piles up"
  let recipe =
    "serve pool --workers 4 --queue 2 --backlog 5; 4 silent clients, 3 in its queue, 6 in the kernel's"
  let expects: [FindingID] = [.workersExhausted, .acceptQueueFull]
  let allows: [FindingID] = [
    .acceptQueueDrops, .connectStuck, .backlogSmall, .receiveStuck, .waitsUpstream, .lockWait,
  ]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("pool", "--workers", "4", "--queue", "2", "--backlog", "5")
    for _ in 0..<4 { try stage.connect(to: server) }
    try stage.wait("all four threads to wait for their silent clients") {
      server.process.threads(in: .receive) == 4
    }
    try stage.crowd(server, poolQueue: 2, backlog: 5, saying: "hello\n", inVain: 2)
    return Scene(server)
  }
}
