import DemoServers
import Foundation
import Testing

extension ScenariosEndToEnd {
  /// Every scenario of the demo, and what `diagnose` must say of it.
  ///
  /// DIAGNOSIS_ROUNDS=3 runs all of it three times over.
  @Suite("Diagnosis of every scenario")
  struct DiagnosisMatrix {
    /// The cause that the answer begins with; elsewhere any of the expected ones may.
    static let headlines = [
      "serial-blocked": "server-blocked", "worker-join": "acceptor-waits-child",
      "prefork-full": "workers-exhausted", "pool-exhausted": "workers-exhausted",
      "pool-lock": "lock-wait", "event-spin": "event-loop-blocked",
      "event-sleep": "event-loop-blocked", "event-blocked-upstream": "waits-upstream",
      "upstream-chain": "lock-wait", "self-call": "self-call", "wait-cycle": "wait-cycle",
      "close-wait": "close-wait-leak", "not-reading": "receive-stuck",
      "slow-reader": "peer-not-reading", "descriptors": "descriptors-exhausted",
      "paused-listener": "listener-paused", "reuseport-stopped": "process-stopped",
      "stopped": "process-stopped", "abandoned-queue": "server-blocked",
      "connect-stuck": "server-blocked", "unix-backlog": "server-blocked",
    ]
    /// These keep a processor busy, and are looked at one by one.
    static let busy: Set<String> = ["event-spin", "event-10k", "healthy-busy", "overload"]
    /// So many stand at a time: most of them only wait.
    static let lanes = 8

    static let rounds =
      ProcessInfo.processInfo.environment["DIAGNOSIS_ROUNDS"].flatMap { Int($0) } ?? 1

    @Test(
      "finds what is wrong, with true evidence, and nothing else",
      .enabled(if: Tool.isRoot, "needs root: other processes' threads, namespaces"))
    func everyScenario() {
      let names = Scenarios.names
      #expect(names.count >= 28)
      for _ in 0..<Self.rounds {
        let quiet = names.filter { !Self.busy.contains($0) }
        let faults =
          DiagnosisLanes(quiet, Self.faults).run(lanes: Self.lanes)
          + names.filter(Self.busy.contains).map(Self.faults)
        for fault in faults where !fault.isEmpty { Issue.record(Comment(rawValue: fault)) }
      }
    }

    /// Whether scenarios come to stand is another test's matter: this one asks a second time.
    private static func hold(_ name: String) throws -> ScenarioHold {
      do {
        return try ScenarioHold(name)
      } catch is ScenarioHold.NotReady {
        return try ScenarioHold(name)
      }
    }

    /// Empty when all is as it should be.
    private static func faults(_ name: String) -> String {
      do {
        let hold = try hold(name)
        defer { _ = hold.end(.endOfInput) }
        let ours = try Program(words: [Product.sockinspect] + words(hold.ready)).run()
        let answer = try JSONDecoder().decode(DiagnosisAnswer.self, from: Data(ours.output))
        let faults = answer.faults(
          hold.ready, status: ours.status, headline: headlines[name])
        return faults.isEmpty
          ? "" : "\(name): \(faults.joined(separator: "\n"))\n\(answer.findings.map(\.title))"
      } catch {
        return "\(name): \(error)"
      }
    }

    /// Asked about the server, and about the whole namespace where the trouble is the host's.
    private static func words(_ ready: ScenarioReady) -> [String] {
      var words = ["diagnose", "--json", "--all"]
      if let place = ready.netns { words += ["--netns", "\(place)"] }
      if ready.expects == ["ephemeral-ports"] { return words }
      return words + [ready.target]
    }
  }
}
