/// Four processes with a listener each on one port, one of which is stopped.
struct ReuseportStopped: Scenario {
  let name = "reuseport-stopped"
  let summary = "one of 4 SO_REUSEPORT shards is stopped: a quarter of the clients hangs"
  let recipe = "4 × serve event --reuseport --backlog 8, one SIGSTOPped; idle clients"
  let expects: [FindingID] = [.reuseportImbalance, .processStopped, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let shards = try harness.shards(4)
    try harness.stop(shards[3])
    // Which shard a client gets is the kernel's choice; one in four is the stopped one.
    try harness.knock(at: shards[3], until: "the stopped shard's queue is full") {
      shards[3].queueLength > 8 && !shards[3].clients(.synSent).isEmpty
    }
    return RunningScenario([shards[3]] + shards[..<3])
  }
}

/// Four processes with a listener each on one port, all at work.
struct ReuseportHealthy: Scenario {
  let name = "reuseport-healthy"
  let summary = "healthy: 4 SO_REUSEPORT shards share the clients of one port"
  let recipe = "4 × serve event --reuseport --backlog 8; 40 idle clients, and short visits"
  let expects: [FindingID] = []
  let healthyTwinOf: String? = "reuseport-stopped"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let shards = try harness.shards(4)
    for _ in 0..<5 { try fill(shards[0], on: &harness) }
    try harness.visitOnce(shards[0])
    return RunningScenario(shards)
  }

  /// No more at once than fit into the queue of one shard, wherever the kernel puts them.
  private func fill(_ server: HarnessServer, on harness: inout ScenarioHarness) throws(DemoError) {
    for _ in 0..<8 { try harness.connect(to: server) }
    try harness.wait("eight clients to be accepted") { server.queueLength == 0 }
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    if let server = running.servers.first { try harness.visit(server) }
  }
}
