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
