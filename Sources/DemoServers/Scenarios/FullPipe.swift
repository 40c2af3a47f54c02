import Glibc

/// A server that logs into a pipe whose reader does not read.
struct FullPipe: Scenario {
  let name = "full-pipe"
  let summary = "the server logs into a pipe whose reader sleeps: its threads block in write()"
  let recipe = "a thread per connection, each request logged into a pipe; a reader that sleeps"
  let expects: [FindingID] = [.outputBlocked]
  let allows: [FindingID] = [.requestUnanswered]

  /// F_SETPIPE_SZ of linux/fcntl.h (since Linux 2.6.35): room for one page.
  private static let setSize: Int32 = 1031

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try startLogging(on: &harness)
    // The first few lines fit into the pipe; a client that has its answer leaves. The next one
    // comes when it is clear whether the one before has to wait.
    while harness.clients.count < 3 {
      try harness.connect(to: server, saying: "hello\n")
      repeat {
        for client in harness.clients where !client.hear().isEmpty { harness.hangUp(client) }
        try harness.goOn(waitingFor: "a full pipe")
      } while server.process.threads(in: .send) != harness.clients.count
    }
    try harness.wait("threads to block in write", lasting: 2500) {
      server.process.threads(in: .send) == 3 && server.hasReadAll
    }
    return RunningScenario(server)
  }

  /// Only the reader has the one end, and only the server the other.
  private func startLogging(on harness: inout ScenarioHarness) throws(DemoError) -> HarnessServer {
    let pipe = try Pipe()
    _ = fcntl(pipe.entrance, Self.setSize, 4096)
    _ = try harness.play("reader", of: self, inherited: [pipe.exit])
    return try harness.serve(
      NamedServer("demo-thread", .thread, "log-line"), of: self, errors: pipe.entrance)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    HarnessPart.setName("demo-logger")
    HarnessPart.sayReady("")
    HarnessPart.sleepForever()
  }
}
