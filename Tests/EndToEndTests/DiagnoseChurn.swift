import Foundation
import Testing

extension DiagnosesEndToEnd {
  /// What a diagnosis looks at changes and ends while it looks.
  @Suite("Diagnosis of a host that does not hold still")
  struct DiagnoseChurn {
    @Test("a scenario that is killed meanwhile ends no answer", arguments: [0.0, 0.1, 0.2, 0.4])
    func killed(_ delay: Double) throws {
      let hold = try ScenarioHold("prefork-full")
      let port = try #require(hold.ready.port)
      let output = try OpenFile.temporary()
      let errors = try OpenFile.temporary()
      let ours = try ChildProcess(
        [Product.sockinspect, "diagnose", "--json", "--interval", "0.3", ":\(port)"],
        output: output.number, errors: errors.number)
      usleep(UInt32(delay * 1_000_000))
      _ = hold.end(.kill)
      let ending = ours.waitForEnd(until: .now + .seconds(30))
      #expect([0, 1, 2, 3].map { Shutdown.exited($0) }.contains(ending), "\(ending)")
      if ending != .exited(3) { _ = try object(output.contents()) }
    }

    @Test("sockets that come and go by the hundred make nothing critical")
    func churning() throws {
      let zoo = try Zoo(.churn)
      for _ in 0..<Self.rounds {
        let ours = try zoo.sockinspect(["diagnose", "--json", "--interval", "0.1", "-N", "self"])
        #expect(ours.status == 0 || ours.status == 1, "\(ours)")
        _ = try object(ours.output)
      }
    }

    /// SOCKINSPECT_CHURN asks for more, as for listings.
    private static let rounds =
      ProcessInfo.processInfo.environment["SOCKINSPECT_CHURN"].flatMap(Int.init) ?? 8
  }
}
