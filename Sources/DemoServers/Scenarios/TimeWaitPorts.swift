import Glibc

/// A client that has used up its local ports towards one server.
struct TimeWaitPorts: Scenario {
  let name = "time-wait-ports"
  let summary = "short connections have used up the local ports: connect says EADDRNOTAVAIL"
  let recipe = "serve event, 100 local ports, tcp_tw_reuse 0; visits until none is left"
  let expects: [FindingID] = [.ephemeralPorts]
  let allows: [FindingID] = [.timeWaitPressure]
  let needs: [Need] = [.ownNetwork]

  static let ports = 100

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    try HarnessNamespace.setSysctl(
      "ipv4/ip_local_port_range", to: "40000 \(40000 + Self.ports - 1)")
    try HarnessNamespace.setSysctl("ipv4/tcp_tw_reuse", to: "0")
    // Otherwise a late ACK, overtaken on another processor, draws a reset that ends TIME-WAIT
    // before its time: "assassination", RFC 1337.
    try HarnessNamespace.setSysctl("ipv4/tcp_rfc1337", to: "1")
    let server = try harness.serve("event", "--port", "9000")
    repeat {
      try useUpPorts(server, on: &harness)
      try harness.goOn(waitingFor: "\(Self.ports) connections in TIME-WAIT")
    } while server.clients(.timeWait).count < Self.ports
    return RunningScenario(server)
  }

  /// After a minute a port is free again; the next visit takes it at once.
  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    for server in running.servers { try useUpPorts(server, on: &harness) }
  }

  /// The side that closes first keeps the port in TIME-WAIT.
  private func useUpPorts(_ server: HarnessServer, on harness: inout ScenarioHarness)
    throws(DemoError)
  {
    while try visit(server, on: &harness) {}
  }

  /// Answers whether there was a port left for it.
  private func visit(_ server: HarnessServer, on harness: inout ScenarioHarness) throws(DemoError)
    -> Bool
  {
    do {
      harness.hangUp(try harness.connect(to: server))
      return true
    } catch {
      guard error.number == EADDRNOTAVAIL else { throw error }
      return false
    }
  }
}
