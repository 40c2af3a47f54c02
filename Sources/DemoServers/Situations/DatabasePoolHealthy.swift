/// The servers of database-pool with connections to spare and a database that answers.
struct DatabasePoolHealthy: Situation {
  let name = "database-pool-healthy"
  let summary = "healthy: the same server with 8 connections, and a database that answers"
  let recipe = "6 threads, and visits → a pool of 8 connections → a database"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "database-pool"

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let database = try stage.serve(NamedServer("demo-database", .thread, "echo"), of: self)
    let pool = "pooled-upstream:8@\(database.target)"
    let shop = try stage.serve(NamedServer("demo-shop", .thread, pool), of: self)
    for _ in 0..<6 {
      let client = try stage.connect(to: shop, saying: "order\n")
      try stage.wait("an answer") { !client.hear().isEmpty }
    }
    try stage.visitOnce(shop)
    return Scene(shop, database)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    if let shop = scene.servers.first { try stage.visit(shop) }
  }
}
