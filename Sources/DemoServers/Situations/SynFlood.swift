/// Half-open connections from addresses that never answer.
struct SynFlood: Situation {
  let name = "syn-flood"
  let summary = "half-open connections fill the SYN queue; the kernel answers with cookies"
  let recipe = "serve event --backlog 64; 100 SYNs a second from addresses that do not answer"
  let expects: [FindingID] = [.synQueuePressure]
  let needs: [Need] = [.ownNetwork]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    try StageNetwork.set("ipv4/tcp_syncookies", to: "1")
    let server = try stage.serve("event", "--port", "9000", "--backlog", "64")
    let source = try SynSource()
    stage.keep(source.descriptor)
    var number: UInt32 = 0
    try stage.wait("a full SYN queue") {
      number += 1
      source.send(number, to: server.port)
      return server.connections(.synReceived).count >= 64
        && OtherTables.counter("SyncookiesSent") > 0
    }
    return Scene(server)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    guard let descriptor = stage.descriptors.first, let server = scene.servers.first else { return }
    let source = SynSource(adopting: descriptor)
    for _ in 0..<5 { source.send(UInt32.random(in: 0...UInt32.max), to: server.port) }
  }
}
