/// A front server, an application and a database, all of whose clients wait for one lock.
struct UpstreamChain: Scenario {
  let name = "upstream-chain"
  let summary = "front, application and database: one client holds a lock and the whole chain waits"
  let recipe = "serve prefork → serve pool → serve thread --handler lock; 1 holder, 2 requests"
  let expects: [FindingID] = [.acceptQueueFull, .workersExhausted, .waitsUpstream, .lockWait]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall, .receiveStuck]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let database = try harness.serve("thread", "--handler", "lock")
    let application = try harness.serve(
      "pool", "--workers", "2", "--handler", "upstream:\(database.target)")
    let front = try harness.serve(
      "prefork", "--workers", "2", "--backlog", "5", "--handler", "upstream:\(application.target)")
    try harness.takeLock(of: database)
    for _ in 0..<2 { try harness.connect(to: front, saying: "update\n") }
    try harness.wait("two requests to wait for the lock, and everybody else for them") {
      database.process.threads(in: .lock) >= 2 && application.process.threads(in: .receive) == 2
        && front.process.children.count { $0.isIn(.receive) } == 2
    }
    try harness.crowd(front, backlog: 5, saying: "hello\n", inVain: 2)
    return RunningScenario(front, application, database)
  }
}
