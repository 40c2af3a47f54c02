/// An event loop that has as many clients as it wants and no longer watches its listener.
struct PausedListener: Scenario {
  let name = "paused-listener"
  let summary = "at its limit of 3 clients a server has taken its listener out of its epoll set"
  let recipe = "an epoll server with a limit of 3 clients; 3 idle clients, 4 queued"
  let expects: [FindingID] = [.listenerPaused]
  let allows: [FindingID] = [.acceptQueueFilling]

  private static let limit = 3

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try HarnessServer(harness.play("server", of: self))
    for _ in 0..<Self.limit { try harness.connect(to: server) }
    try harness.wait("the server to reach its limit") {
      server.connections(.established).count { $0.inode != 0 } == Self.limit
    }
    for _ in 0..<4 { try harness.connect(to: server) }
    try harness.wait("four clients to wait in the queue") {
      server.queueLength == 4 && server.process.isIn(.poll)
    }
    return RunningScenario(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    HarnessPart.setName("demo-paused")
    let listener = try ListeningSocket(ListenOptions(.loopback(), backlog: 16))
    let epoll = try Epoll()
    try epoll.add(listener.descriptor, .read)
    HarnessPart.sayReady("address=127.0.0.1 port=\(listener.address.port ?? 0)")
    try serve(listener, epoll)
  }

  private func serve(_ listener: ListeningSocket, _ epoll: borrowing Epoll) throws(DemoError) {
    var clients: [Socket] = []
    while true {
      for event in try epoll.wait() {
        // It answers nothing: what clients say, or that they leave, is not what this is about.
        guard event.descriptor == listener.descriptor else {
          epoll.remove(event.descriptor)
          continue
        }
        let client = try listener.accept()
        clients.append(client)
        try epoll.add(client.descriptor, .read)
        // Where the fault is: nothing ever turns it on again.
        if clients.count == Self.limit { epoll.remove(listener.descriptor) }
      }
    }
  }
}
