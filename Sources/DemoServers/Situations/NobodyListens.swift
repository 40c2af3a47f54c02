import Glibc

/// A port that a client has as its own, so that tables show it, and at which nothing listens.
struct NobodyListens: Situation {
  let name = "nobody-listens"
  let summary = "a client's own port: it appears in every table, and nothing listens there"
  let recipe = "serve event; a client that is bound to a port and connected; diagnose that port"
  let expects: [FindingID] = [.notListening]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let server = try stage.serve("event")
    let client = try StageServer(stage.play("client", of: self, "\(server.port)"))
    try stage.wait("a connected client, and nothing that listens at its port") {
      client.connections(.established).count == 1
        && TCPRow.listeners(port: Int(client.port)).isEmpty && Refusal.comes(from: client.target)
    }
    return Scene(client, server)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    guard let server = words.first.flatMap({ UInt16($0) }) else {
      throw DemoError("demo: a client needs a port", status: 64)
    }
    StagePart.setName("demo-client")
    let descriptor = try StageSocket.open(AF_INET, SOCK_STREAM)
    // No TIME-WAIT is to keep the port afterwards.
    StageOption.resetOnClose(descriptor)
    try StageSocket.bind(descriptor, to: StageAddress(port: 0))
    try StageSocket.connect(descriptor, to: StageAddress(port: server))
    StagePart.sayReady("address=127.0.0.1 port=\(try StageSocket.port(of: descriptor))")
    StagePart.sleepForever()
  }
}
