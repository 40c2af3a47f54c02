/// An event loop whose handler waits in an event loop of its own.
struct NestedEventLoop: Scenario {
  let name = "nested-loop"
  let summary = "a handler runs an event loop of its own, for an upstream; the server's loop waits"
  let recipe = "an event loop whose handler waits in a second epoll for a server that sleeps"
  let expects: [FindingID] = [.eventLoopBlocked, .waitsUpstream]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let upstream = try harness.serve("thread", "--handler", "sleep:100000")
    let server = try harness.serve(
      NamedServer("demo-event", .event, "nested-loop:\(upstream.target)", backlog: 16), of: self)
    try harness.connect(to: server, saying: "ask\n")
    try harness.wait("the handler to wait for its upstream", lasting: 1000) {
      server.process.isIn(.poll) && upstream.process.isIn(.sleep)
        && !upstream.connections(.established).isEmpty
    }
    for _ in 0..<3 { try harness.connect(to: server, saying: "hello\n") }
    try harness.wait("three clients in the accept queue", lasting: 500) { server.queueLength == 3 }
    return RunningScenario(server, upstream)
  }
}
