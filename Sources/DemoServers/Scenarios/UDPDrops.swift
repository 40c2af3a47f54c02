import Glibc

/// A UDP receiver that does not keep up.
struct UDPDrops: Scenario {
  let name = "udp-drops"
  let summary = "a UDP receiver does not keep up: datagrams are dropped at its full buffer"
  let recipe = "a receiver that sleeps, with a receive buffer of 4 KiB; 200 datagrams a second"
  let expects: [FindingID] = [.udpDrops]
  let allows: [FindingID] = [.receiveStuck]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let receiver = try HarnessServer(harness.play("receiver", of: self))
    try harness.sendDatagrams(to: receiver)
    try harness.wait("dropped datagrams") {
      for client in harness.clients { client.say("a datagram too many\n") }
      return HostTables.udpDrops(port: Int(receiver.port)) ?? 0 > 0
    }
    return RunningScenario(receiver)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for client in harness.clients {
      for _ in 0..<10 { client.say("a datagram too many\n") }
    }
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    HarnessPart.setName("demo-udp")
    let socket = try Socket(SOCK_DGRAM, family: AF_INET)
    try socket.set(SO_RCVBUF, to: 4096)
    try socket.bind(to: .loopback())
    HarnessPart.sayReady("address=127.0.0.1 port=\(socket.port) netid=udp")
    HarnessPart.sleepForever(holding: socket)
  }
}
