import CLinux
import Glibc

/// An event loop that has as many clients as it wants and looks away from its listener.
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
    try harness.wait("four clients that nobody looks at") {
      server.queueLength == 4 && server.process.isIn(.poll)
    }
    return RunningScenario(server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    HarnessPart.setName("demo-paused")
    let listener = try HarnessSocket.open(AF_INET, SOCK_STREAM)
    try HarnessSocket.bind(listener, to: HarnessAddress(port: 0))
    guard listen(listener, 16) == 0 else { throw .system("listen") }
    let port = try HarnessSocket.port(of: listener)
    let poll = try Poll()
    try poll.watch(listener, SOCKINSPECT_EPOLLIN)
    HarnessPart.sayReady("address=127.0.0.1 port=\(port)")
    serve(listener, poll)
  }

  private func serve(_ listener: Int32, _ poll: borrowing Poll) {
    var clients = 0
    while true {
      for descriptor in poll.wait() {
        // It answers nothing: what clients say, or that they leave, is not what this is about.
        guard descriptor == listener else {
          poll.forget(descriptor)
          continue
        }
        let client = accept(listener, nil, nil)
        guard client >= 0 else { continue }
        clients += 1
        try? poll.watch(client, SOCKINSPECT_EPOLLIN)
        // Where the fault is: nothing ever turns it on again.
        if clients == Self.limit { poll.forget(listener) }
      }
    }
  }
}
