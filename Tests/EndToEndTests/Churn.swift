import Foundation
import Testing

extension EndToEnd {
  /// 500 sockets a second come and go while the listing runs.
  @Suite("A listing of a moving world")
  struct Churn {
    @Test("never fails and never shows a socket twice")
    func churn() throws {
      let zoo = try Zoo(.churn)
      for _ in 1...rounds {
        let ours = try zoo.sockinspect(["-janp"])
        try #require(ours.ending == .exited(0), "\(ours)")
        let cookies = try sockets(ours.output).compactMap { $0["cookie"] as? String }
        let twice = Dictionary(grouping: cookies) { $0 }.filter { $0.value.count > 1 }
        #expect(twice.isEmpty)
        #expect(cookies.count >= 20, "the helper no longer opens sockets")
      }
    }

    @Test("is as good from /proc")
    func churnFromProc() throws {
      let zoo = try Zoo(.churn)
      for _ in 1...rounds {
        let ours = try zoo.sockinspect(["-jtuxanp", "--source", "proc"])
        try #require(ours.ending == .exited(0), "\(ours)")
        let inodes = try sockets(ours.output).compactMap { $0["inode"] as? Int }
        let twice = Dictionary(grouping: inodes.filter { $0 != 0 }) { $0 }
          .filter { $0.value.count > 1 }
        #expect(twice.isEmpty)
      }
    }
  }
}

/// SOCKINSPECT_CHURN asks for more than the 20 runs that everybody waits for.
private let rounds =
  ProcessInfo.processInfo.environment["SOCKINSPECT_CHURN"].flatMap(Int.init) ?? 20
