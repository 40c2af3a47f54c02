import Foundation
import Testing

extension DiagnosesEndToEnd {
  @Suite(
    "Diagnosis of a recording", .enabled(if: Tool.isRoot, "needs root: other processes' threads"))
  struct DiagnoseRecordings {
    static let names = [
      "event-spin", "serial-blocked", "prefork-full", "pool-lock", "upstream-chain", "stopped",
      "unix-backlog", "close-wait",
    ]
    /// Of these one moment is read as well.
    private static let once: Set<String> = ["serial-blocked", "stopped"]

    /// Findings that one look proves.
    private static let proven: Set<String> = ["process-stopped", "descriptors-exhausted"]

    @Test("says the same as the diagnosis of the live host, wherever it is read")
    func same() {
      for fault in Lanes.faults(Self.names, Self.faults) {
        Issue.record(Comment(rawValue: fault))
      }
    }

    private static func faults(_ name: String) throws -> [String] {
      let place = try DiagnosePlace(name)
      defer { _ = place.hold.end(.endOfInput) }
      guard let live = DiagnoseCore(try place.diagnose()) else { return ["no answer"] }
      let words = ["--json", "--all", "--from", try place.record(samples: 2)]
      var faults: [String] = []
      for prefix in [[], User.nobody.prefix, ["unshare", "--net"]]
      where prefix.first.map({ Tool.has($0) }) ?? true {
        let read = try place.diagnose(words, after: prefix)
        if DiagnoseCore(read) != live { faults.append("not \(live), but \(read)") }
      }
      return once.contains(name) ? faults + (try faultsOfOneMoment(place)) : faults
    }

    /// One moment says what it shows, as likely, and that it cannot tell what moves.
    private static func faultsOfOneMoment(_ place: DiagnosePlace) throws -> [String] {
      let file = try place.record(samples: 1)
      let read = try place.diagnose(["--json", "--all", "--from", file])
      guard let findings = try object(read.output)["findings"] as? [[String: Any]] else {
        return ["\(read)"]
      }
      let missing = Set(place.ready.expects).subtracting(
        findings.compactMap { $0["id"] as? String })
      var faults = missing.map { "one moment does not show \($0)" }
      for finding in findings where finding["severity"] as? String != "notice" {
        let isProven = proven.contains(finding["id"] as? String ?? "")
        if !isProven, finding["confidence"] as? String == "certain" {
          faults.append("too sure: \(finding)")
        }
      }
      let text = try place.diagnose(["--from", file]).text
      return text.contains("record with --samples 2") ? faults : faults + [text]
    }
  }
}
