/// A pool of threads that all want the same lock.
struct PoolLock: Scenario {
  let name = "pool-lock"
  let summary = "one client holds a lock, the other 3 threads of the pool wait for it"
  let recipe = "serve pool --workers 4 --backlog 5 --handler lock; 1 holder, 3 waiting, 6 queued"
  let expects: [FindingID] = [.workersExhausted, .lockWait, .acceptQueueFull]
  let allows: [FindingID] = [
    .acceptQueueDrops, .connectStuck, .backlogSmall, .receiveStuck, .waitsUpstream,
  ]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve(
      "pool", "--workers", "4", "--queue", "2", "--backlog", "5", "--handler", "lock")
    try harness.takeLock(of: server)
    for _ in 0..<3 { try harness.connect(to: server, saying: "update\n") }
    try harness.wait("three threads to wait for the lock") {
      server.process.threads(in: .lock) >= 3 && server.process.threads(in: .receive) == 1
    }
    try harness.crowd(server, poolQueue: 2, locked: 3, backlog: 5, saying: "update\n", inVain: 2)
    return RunningScenario(server)
  }
}
