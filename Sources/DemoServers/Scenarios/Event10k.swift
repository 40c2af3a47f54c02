/// The C10K case: one thread, ten thousand connections.
struct Event10k: Scenario {
  let name = "event-10k"
  let summary = "healthy: one thread looks after 10000 idle clients (C10K)"
  let recipe = "serve event --backlog 4096; load --kind silent --connections 10000"
  let expects: [FindingID] = []

  private static let wanted = 10_000
  /// Descriptors that a process needs for itself.
  private static let reserve = 100

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let count = min(Self.wanted, OpenFileLimit.hard - Self.reserve)
    let server = try harness.serve("event", "--backlog", "4096")
    try harness.load(server, "--kind", "silent", "--connections", "\(count)")
    try harness.wait("\(count) accepted connections") { server.process.descriptorCount >= count }
    let note = "\(count) clients instead of \(Self.wanted): the limit on open files is lower"
    return RunningScenario(server, note: count < Self.wanted ? note : nil)
  }
}
