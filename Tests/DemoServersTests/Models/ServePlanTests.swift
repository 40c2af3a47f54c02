import Testing

@testable import DemoServers

@Suite("The plan of a server") struct ServePlanTests {
  @Test("refuses workers where the model has none, and shards without a shared port")
  func workers() {
    refuses("the serial model has no --workers") { $0.workers = 2 }
    refuses("--workers needs --reuseport in the event model", .event) { $0.workers = 2 }
    refuses("--workers needs --reuseport in the thread model", .thread) { $0.workers = 2 }
    refuses("--workers goes from 1 to 1000, not 0", .prefork) { $0.workers = 0 }
    refuses("--queue goes from 1, not 0", .pool) { $0.queue = 0 }
  }

  @Test("refuses to share a port that there is not")
  func unixPort() {
    refuses("--reuseport is for ports; a unix socket has none") {
      $0.listen.sharesPort = true
      $0.listen.address = .abstract("x")
    }
  }

  @Test("has one listener for each process only where several processes share the port")
  func shards() {
    #expect(plan(.prefork, workers: 2, shares: true).hasShards)
    #expect(plan(.event, workers: 2, shares: true).hasShards)
    #expect(!plan(.prefork, workers: 2, shares: false).hasShards)
    #expect(!plan(.event, workers: nil, shares: true).hasShards)
    #expect(!plan(.pool, workers: 2, shares: true).hasShards)
  }

  @Test("shares a lock between processes where there are several")
  func children() {
    let withChildren = ServerModel.allCases.filter { ServePlan($0).hasChildren }
    #expect(withChildren == [.worker, .prefork])
    #expect(plan(.thread, workers: 2, shares: true).hasChildren)
  }

  private func plan(_ model: ServerModel, workers: Int?, shares: Bool) -> ServePlan {
    var plan = ServePlan(model)
    plan.workers = workers
    plan.listen.sharesPort = shares
    return plan
  }

  private func refuses(
    _ message: String, _ model: ServerModel = .serial, _ change: (inout ServePlan) -> Void
  ) {
    var plan = ServePlan(model)
    change(&plan)
    #expect(throws: DemoError.usage(message)) { try plan.check() }
  }
}
