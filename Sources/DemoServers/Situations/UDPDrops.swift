import Glibc

/// A UDP receiver that does not keep up.
struct UDPDrops: Situation {
  let name = "udp-drops"
  let summary = "a UDP receiver does not keep up: datagrams are dropped at its full buffer"
  let recipe = "a receiver that sleeps, with a receive buffer of 4 KiB; 200 datagrams a second"
  let expects: [FindingID] = [.udpDrops]
  let allows: [FindingID] = [.receiveStuck]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let receiver = try StageServer(stage.play("receiver", of: self))
    try stage.sendDatagrams(to: receiver)
    try stage.wait("dropped datagrams") {
      for client in stage.clients { client.say("a datagram too many\n") }
      return OtherTables.udpDrops(port: Int(receiver.port)) ?? 0 > 0
    }
    return Scene(receiver)
  }

  func keepUp(_ scene: Scene, on stage: inout Stage) throws(DemoError) {
    for client in stage.clients {
      for _ in 0..<10 { client.say("a datagram too many\n") }
    }
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    StagePart.setName("demo-udp")
    let descriptor = try StageSocket.open(AF_INET, SOCK_DGRAM)
    StageOption.set(SO_RCVBUF, to: 4096, on: descriptor)
    try StageSocket.bind(descriptor, to: StageAddress(port: 0))
    let port = try StageSocket.port(of: descriptor)
    StagePart.sayReady("address=127.0.0.1 port=\(port) netid=udp")
    StagePart.sleepForever()
  }
}
