import Glibc

/// A unix datagram receiver that does not read, as a hung log daemon.
struct UnixDatagramFull: Scenario {
  let name = "unix-datagram-full"
  let summary = "a unix datagram receiver does not read: its senders block (a hung log daemon)"
  let recipe = "a receiver that sleeps; 2 senders blocked in send"
  let expects: [FindingID] = [.unixReceiveFull]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let path = ScenarioHarness.abstractName("log")
    let receiver = try HarnessServer(harness.play("receiver", of: self, path))
    var senders: [ProcessView] = []
    for _ in 0..<2 {
      let ready = try harness.play("sender", of: self, path)
      senders.append(ProcessView(pid: try ready.number("pid")))
    }
    try harness.wait("two senders to wait for room") { senders.allSatisfy { $0.isIn(.send) } }
    return RunningScenario(receiver)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    let address = try SocketAddress.unix(words.first ?? "")
    let socket = try Socket(SOCK_DGRAM, family: AF_UNIX)
    if role == "receiver" {
      HarnessPart.setName("demo-log")
      try socket.bind(to: address)
      HarnessPart.sayReady("path=\(words.first ?? "") netid=u_dgr")
      HarnessPart.sleepForever(holding: socket)
    }
    HarnessPart.setName("demo-logger")
    try socket.connect(to: address)
    HarnessPart.sayReady("")
    while true { try socket.send(Array("a line for the log\n".utf8)) }
  }
}
