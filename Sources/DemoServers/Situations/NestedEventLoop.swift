/// An event loop whose handler waits in an event loop of its own.
struct NestedEventLoop: Situation {
  let name = "nested-loop"
  let summary = "a handler runs an event loop of its own, for an upstream; the server's loop waits"
  let recipe = "an event loop whose handler waits in a second epoll for a server that sleeps"
  let expects: [FindingID] = [.eventLoopBlocked, .waitsUpstream]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let upstream = try stage.serve("thread", "--handler", "sleep:100000")
    let server = try stage.serve(
      NamedServer("demo-event", .event, "nested-loop:\(upstream.target)", backlog: 16), of: self)
    try stage.connect(to: server, saying: "ask\n")
    try stage.wait("the handler to wait for its upstream", lasting: 1000) {
      server.process.isIn(.poll) && upstream.process.isIn(.sleep)
        && !upstream.connections(.established).isEmpty
    }
    for _ in 0..<3 { try stage.connect(to: server, saying: "hello\n") }
    try stage.wait("three clients in the accept queue", lasting: 500) { server.queueLength == 3 }
    return Scene(server, upstream)
  }
}
