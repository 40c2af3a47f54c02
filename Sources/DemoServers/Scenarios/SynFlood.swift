/// Half-open connections from addresses that never answer.
struct SynFlood: Scenario {
  let name = "syn-flood"
  let summary = "half-open connections fill the SYN queue; the kernel answers with cookies"
  let recipe = "serve event --backlog 64; 100 SYNs a second from addresses that do not answer"
  let expects: [FindingID] = [.synQueuePressure]
  let needs: [Need] = [.ownNetwork]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    try HarnessNetwork.set("ipv4/tcp_syncookies", to: "1")
    let server = try harness.serve("event", "--port", "9000", "--backlog", "64")
    let source = try SynSource()
    harness.keep(source.descriptor)
    var number: UInt32 = 0
    try harness.wait("a full SYN queue") {
      number += 1
      source.send(number, to: server.port)
      return server.connections(.synReceived).count >= 64
        && HostTables.counter("SyncookiesSent") > 0
    }
    return RunningScenario(server)
  }

  func keepUp(_ scene: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    guard let descriptor = harness.descriptors.first, let server = scene.servers.first else {
      return
    }
    let source = SynSource(adopting: descriptor)
    for _ in 0..<5 { source.send(UInt32.random(in: 0...UInt32.max), to: server.port) }
  }
}
