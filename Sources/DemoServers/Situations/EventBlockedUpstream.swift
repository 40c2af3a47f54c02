/// An event loop that asks somebody else and waits for the answer in its one thread.
struct EventBlockedUpstream: Situation {
  let name = "event-blocked-upstream"
  let summary = "an event loop waits in a blocking call for a slow upstream"
  let recipe = "serve event --handler upstream:(serve thread --handler sleep:100000)"
  let expects: [FindingID] = [.eventLoopBlocked, .waitsUpstream, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let upstream = try stage.serve("thread", "--handler", "sleep:100000")
    let front = try stage.serve(
      "event", "--backlog", "5", "--handler", "upstream:\(upstream.target)")
    try stage.connect(to: front, saying: "ask\n")
    try stage.wait("the loop to wait for its upstream") {
      front.process.isIn(.receive) && upstream.process.isIn(.sleep)
    }
    try stage.crowd(front, backlog: 5, saying: "hello\n", inVain: 2)
    return Scene(front, upstream)
  }
}
