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
