/// A pool of threads, each with a client that says nothing.
struct PoolExhausted: Scenario {
  let name = "pool-exhausted"
  let summary = "all 4 threads of a pool wait for silent clients; accepted work piles up"
  let recipe =
    "serve pool --workers 4 --queue 2 --backlog 5; 4 silent clients, 3 in its queue, 6 in the kernel's"
  let expects: [FindingID] = [.workersExhausted, .acceptQueueFull]
  let allows: [FindingID] = [
    .acceptQueueDrops, .connectStuck, .backlogSmall, .receiveStuck, .waitsUpstream, .lockWait,
  ]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("pool", "--workers", "4", "--queue", "2", "--backlog", "5")
    for _ in 0..<4 { try harness.connect(to: server) }
    try harness.wait("all four threads to wait for their silent clients") {
      server.process.threads(in: .receive) == 4
    }
    try harness.crowd(server, poolQueue: 2, backlog: 5, saying: "hello\n", inVain: 2)
    return RunningScenario(server)
  }
}

/// The server of pool-exhausted with threads to spare.
struct PoolHealthy: Scenario {
  let name = "pool-healthy"
  let summary = "healthy: 2 of 4 pool threads hold idle clients, the others serve the rest"
  let recipe = "serve pool --workers 4 --backlog 5; 2 silent clients, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "pool-exhausted"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("pool", "--workers", "4", "--backlog", "5")
    for _ in 0..<2 { try harness.connect(to: server) }
    try harness.wait("two threads to wait for their silent clients") {
      server.process.threads(in: .receive) == 2
    }
    try harness.visitOnce(server)
    return RunningScenario(server)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for server in running.servers { try harness.visit(server) }
  }
}
