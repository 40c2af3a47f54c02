/// Clients as they should be: they come, ask, wait for the answer and go.
extension ScenarioHarness {
  /// One whole visit, to see that the server answers.
  mutating func visitOnce(_ server: HarnessServer) throws(DemoError) {
    let client = try connect(to: server, saying: Self.question)
    try wait("an answer from \(server.target)") { client.hear() == Self.question }
    hangUp(client)
  }

  /// Part of an endless row of visits: the visitor who has an answer goes, then the next comes.
  /// Called some twenty times a second, it makes some ten visits a second.
  mutating func visit(_ server: HarnessServer) throws(DemoError) {
    if let visitor {
      guard !visitor.hear().isEmpty else { return }
      hangUp(visitor)
      self.visitor = nil
    } else {
      visitor = try connect(to: server, saying: Self.question)
    }
  }

  private static var question: String { "how are you?\n" }
}
