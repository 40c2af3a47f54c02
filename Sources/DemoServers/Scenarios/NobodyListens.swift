import Glibc

/// A port that a client has as its own, so that tables show it, and at which nothing listens.
struct NobodyListens: Scenario {
  let name = "nobody-listens"
  let summary = "a client's own port: it appears in every table, and nothing listens there"
  let recipe = "serve event; a client that is bound to a port and connected; diagnose that port"
  let expects: [FindingID] = [.notListening]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try harness.serve("event")
    let client = try HarnessServer(harness.play("client", of: self, "\(server.port)"))
    try harness.wait("a connected client, and nothing that listens at its port") {
      client.connections(.established).count == 1
        && TCPRow.listeners(port: Int(client.port)).isEmpty
        && HarnessClient.isRefused(by: client.target)
    }
    return RunningScenario(client, server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    guard let server = words.first.flatMap({ UInt16($0) }) else {
      throw DemoError("demo: a client needs a port", status: 64)
    }
    HarnessPart.setName("demo-client")
    let socket = try Socket(SOCK_STREAM, family: AF_INET)
    // No TIME-WAIT is to keep the port afterwards.
    socket.resetOnClose(true)
    try socket.bind(to: .loopback())
    try socket.connect(to: .loopback(server))
    HarnessPart.sayReady("address=127.0.0.1 port=\(socket.port)")
    HarnessPart.sleepForever(holding: socket)
  }
}
