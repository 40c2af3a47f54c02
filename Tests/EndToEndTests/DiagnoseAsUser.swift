import Foundation
import Testing

extension DiagnosesEndToEnd {
  @Suite(
    "Diagnosis by an ordinary user", .enabled(if: Tool.canChangeUser, "needs root, and setpriv"))
  struct DiagnoseAsUser {
    static let names = [
      "serial-blocked", "pool-lock", "stopped", "paused-listener", "unix-backlog", "close-wait",
    ]

    /// What nobody can know who may not look at threads.
    private static let ofThreads: Set<String> = [
      "server-blocked", "workers-exhausted", "event-loop-blocked", "acceptor-waits-child",
      "listener-paused", "self-call", "wait-cycle", "waits-upstream", "lock-wait",
    ]

    /// What may be said without them, beside what the scenario is known for.
    private static let ofQueues: Set<String> = [
      "accept-queue-full", "accept-queue-filling", "accept-queue-drops", "unix-backlog-full",
      "connect-stuck", "process-stopped", "close-wait-leak", "retransmitting",
    ]

    @Test("is weaker and true: trouble is told of, and nothing that needs a look at threads")
    func weaker() {
      for fault in Lanes.faults(Self.names, Self.faults) {
        Issue.record(Comment(rawValue: fault))
      }
    }

    private static func faults(_ name: String) throws -> [String] {
      let place = try DiagnosePlace(name)
      defer { _ = place.hold.end(.endOfInput) }
      let ours = try place.diagnose(after: User.nobody.prefix)
      let answer = try JSONDecoder().decode(DiagnosisAnswer.self, from: Data(ours.output))
      let ids = Set(answer.grave.map(\.id))
      let known = ofQueues.union(place.ready.expects + place.ready.allows)
      let isRight =
        !ids.isEmpty && ids.isDisjoint(with: ofThreads) && ids.isSubset(of: known)
      return isRight && ours.text.contains("root") ? [] : ["\(ours)"]
    }

    @Test("where /proc hides processes, gaps are told, and the queue all the same")
    func hidden() throws {
      let place = try DiagnosePlace("serial-blocked")
      defer { _ = place.hold.end(.endOfInput) }
      let ours = try place.diagnoseHidden([])
      #expect(ours.status == 2, "\(ours)")
      #expect(ours.text.contains("hidepid=") && ours.text.contains("Only root sees"), "\(ours)")
    }

    @Test("the tables under /proc do not tell limits: nothing is said of room in the queue")
    func tables() throws {
      let place = try DiagnosePlace("serial-blocked")
      defer { _ = place.hold.end(.endOfInput) }
      let ours = try place.diagnose(["--source", "proc"], after: User.nobody.prefix)
      #expect(ours.status == 1, "\(ours)")
      #expect(!ours.text.contains("has room"), "\(ours)")
      #expect(!ours.text.contains("sock_diag idiag_rqueue"), "\(ours)")
    }
  }
}
