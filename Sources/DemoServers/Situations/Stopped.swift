/// A server that somebody has stopped.
struct Stopped: Situation {
  let name = "stopped"
  let summary = "the server is stopped (SIGSTOP, Ctrl-Z): it looks idle and answers nobody"
  let recipe = "serve event --backlog 5, SIGSTOPped; 2 old clients, 6 queued, 2 in vain"
  let expects: [FindingID] = [.processStopped, .acceptQueueFull]
  let allows: [FindingID] = [.acceptQueueDrops, .connectStuck, .backlogSmall, .receiveStuck]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("event", "--backlog", "5")
    for _ in 0..<2 {
      let client = try stage.connect(to: server, saying: "hello\n")
      try stage.wait("an answer") { !client.hear().isEmpty }
    }
    try stage.stop(server)
    try stage.crowd(server, backlog: 5, inVain: 2)
    return Scene(server)
  }
}
