/// An event loop that sleeps in its one thread.
struct EventSleep: Situation {
  let name = "event-sleep"
  let summary = "an event loop sleeps within one request while all other clients wait"
  let recipe = "serve event --backlog 5 --handler sleep:100000; 1 request, 6 queued, 2 in vain"
  let expects: [FindingID] = [.eventLoopBlocked, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("event", "--backlog", "5", "--handler", "sleep:100000")
    try stage.connect(to: server, saying: "wait\n")
    try stage.wait("the loop to sleep") { server.process.isIn(.sleep) }
    try stage.crowd(server, backlog: 5, saying: "hello\n", inVain: 2)
    return Scene(server)
  }
}
