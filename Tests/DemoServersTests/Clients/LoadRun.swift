import Foundation

@testable import DemoServers

/// A load run to its end, and what it told on the way.
struct LoadRun {
  let report: LoadReport
  /// Connected clients when it said that it was ready; nil when it never did.
  private(set) var ready: Int?
  private(set) var progress: [LoadProgress] = []

  var counts: LoadCounts { report.progress.counts }

  init(
    to address: SocketAddress, _ kind: LoadKind = .talk, connections: Int = 10,
    _ change: (inout LoadPlan) -> Void = { _ in }, whenReady: () -> Void = {}
  ) throws {
    var plan = LoadPlan(to: address, kind: kind, connections: connections)
    // No test waits longer, whatever goes wrong.
    plan.duration = 20 * Clock.second
    change(&plan)
    let load = try Load(plan)
    while true {
      switch try load.next() {
      case .ready(let connected):
        ready = connected
        whenReady()
      case .progress(let now): progress.append(now)
      case .ended(let report):
        self.report = report
        return
      }
    }
  }
}
