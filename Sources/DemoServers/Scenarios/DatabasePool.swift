/// Requests that wait for one of two database connections, while both wait for the database.
struct DatabasePool: Scenario {
  let name = "database-pool"
  let summary = "both connections of a pool wait for the database; 4 requests wait for a free one"
  let recipe = "6 threads → a pool of 2 connections → a database whose threads wait for a lock"
  let expects: [FindingID] = [.poolExhausted]
  let allows: [FindingID] = [.lockWait, .waitsUpstream, .requestUnanswered]

  private static let size = 2
  private static let requests = 6

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let database = try harness.serve(NamedServer("demo-database", .thread, "kept-lock"), of: self)
    let pool = "pooled-upstream:\(Self.size)@\(database.target)"
    let shop = try harness.serve(NamedServer("demo-shop", .thread, pool), of: self)
    for _ in 0..<Self.requests { try harness.connect(to: shop, saying: "order\n") }
    try harness.wait("4 requests to wait for one of 2 connections", lasting: 2500) {
      shop.process.threads(in: .receive) == Self.size
        && shop.process.threads(in: .futex) == Self.requests - Self.size
        && database.process.threads(in: .futex) == Self.size
        && shop.hasReadAll && database.hasReadAll
    }
    return RunningScenario(shop, database)
  }
}

/// The servers of database-pool with connections to spare and a database that answers.
struct DatabasePoolHealthy: Scenario {
  let name = "database-pool-healthy"
  let summary = "healthy: the same server with 8 connections, and a database that answers"
  let recipe = "6 threads, and visits → a pool of 8 connections → a database"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "database-pool"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let database = try harness.serve(NamedServer("demo-database", .thread, "echo"), of: self)
    let pool = "pooled-upstream:8@\(database.target)"
    let shop = try harness.serve(NamedServer("demo-shop", .thread, pool), of: self)
    for _ in 0..<6 {
      let client = try harness.connect(to: shop, saying: "order\n")
      try harness.wait("an answer") { !client.hear().isEmpty }
    }
    try harness.visitOnce(shop)
    return RunningScenario(shop, database)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    if let shop = running.servers.first { try harness.visit(shop) }
  }
}
