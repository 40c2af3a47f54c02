/// Four processes with a listener each on one port, one of which is stopped.
struct ReuseportStopped: Situation {
  let name = "reuseport-stopped"
  let summary = "one of 4 SO_REUSEPORT shards is stopped: a quarter of the clients hangs"
  let recipe = "4 × serve event --reuseport --backlog 8, one SIGSTOPped; idle clients"
  let expects: [FindingID] = [.reuseportImbalance, .processStopped, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let shards = try stage.shards(4)
    try stage.stop(shards[3])
    // Which shard a client gets is the kernel's choice; one in four is the stopped one.
    try stage.knock(at: shards[3], until: "the stopped shard's queue is full") {
      shards[3].queueLength > 8 && !shards[3].clients(.synSent).isEmpty
    }
    return Scene([shards[3]] + shards[..<3])
  }
}
