/// Requests that wait for one of two database connections, while both wait for the database.
struct DatabasePool: Situation {
  let name = "database-pool"
  let summary = "both connections of a pool wait for the database; 4 requests wait for a free one"
  let recipe = "6 threads → a pool of 2 connections → a database whose threads wait for a lock"
  let expects: [FindingID] = [.poolExhausted]
  let allows: [FindingID] = [.lockWait, .waitsUpstream, .requestUnanswered]

  private static let size = 2
  private static let requests = 6

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let database = try stage.serve(NamedServer("demo-database", .thread, "kept-lock"), of: self)
    let pool = "pooled-upstream:\(Self.size)@\(database.target)"
    let shop = try stage.serve(NamedServer("demo-shop", .thread, pool), of: self)
    for _ in 0..<Self.requests { try stage.connect(to: shop, saying: "order\n") }
    try stage.wait("4 requests to wait for one of 2 connections", lasting: 2500) {
      shop.process.threads(in: .receive) == Self.size
        && shop.process.threads(in: .futex) == Self.requests - Self.size
        && database.process.threads(in: .futex) == Self.size
        && shop.hasReadAll && database.hasReadAll
    }
    return Scene(shop, database)
  }
}
