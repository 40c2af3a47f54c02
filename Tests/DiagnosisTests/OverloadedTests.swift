import ProcNet
import Testing

@testable import Diagnosis

/// A queue that moves and never empties in front of workers that compute: nothing hangs.
@Suite("Overload")
struct OverloadedTests {
  /// Prefork workers 20 and 30 of listener 100, with their ticks of processor time in one second.
  /// - Parameter waited: Milliseconds for which each waited for a CPU.
  private func made(
    _ listener: ObservedListener, ticks: [UInt64] = [48, 47], waited: UInt64 = 0
  ) -> MadeObservation {
    var made = MadeObservation()
    for (number, ticks) in ticks.enumerated() {
      let (process, inode) = (Int32(number + 2) * 10, UInt32(number) * 20 + 1)
      made.pair(inode, inode + 1, port: 50_000 + UInt16(number))
      var worker = MadeProcess(
        process, "app", [3: .socket(100), 4: .socket(inode)], [.running(process, ticks: ticks)])
      worker.before.threads[0].runDelay = 0
      worker.now.threads[0].runDelay = waited * 1_000_000
      made.take(worker)
    }
    made.listener(listener)
    made.readServers()
    return made
  }

  /// 12 waited at first, 8 of them still do, and 12 wait now.
  private func busy(
    _ lengths: [UInt32] = [12, 11, 12], taken: Int = 4, limit: UInt32 = 32, oldest: UInt32? = 3500
  ) -> ObservedListener {
    .tcp(lengths, limit: limit, still: Int(lengths[0]) - taken, taken: taken, oldest: oldest)
  }

  private func facts(_ finding: Finding?) -> [String: Evidence.Value] {
    Dictionary(
      (finding?.evidence ?? []).map { ($0.fact, $0.value) }, uniquingKeysWith: { one, _ in one })
  }

  @Test("workers that compute all the time, while the queue moves and never empties")
  func overloaded() {
    let found = made(busy()).findings(Overloaded())
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.subject == .listener(busy().name))
    #expect(found.first?.waiting?.connections == 12 && found.first?.waiting?.oldest == 3500)
    // Nothing is blocked: no other rule about the server speaks.
    let rules: [any Rule] = [WorkersExhausted(), ServerBlocked(), EventLoopBlocked(), LockWait()]
    #expect(rules.flatMap { $0.findings(in: made(busy()).file) }.isEmpty)
    // Full at every look: clients are turned away.
    let full = busy([34, 33, 34], limit: 32)
    #expect(made(full).findings(Overloaded()).map(\.severity) == [.critical])
  }

  @Test("arrivals, departures and waiting time follow from what moved in two seconds")
  func rates() {
    let steady = made(busy()).findings(Overloaded()).first
    #expect(facts(steady)["connections that left the queue"] == .number(4))
    #expect(facts(steady)["connections that arrived"] == .number(4))
    // 12 wait and 2 a second leave: the next one waits for 6 s.
    #expect(steady?.title.contains("6 s") == true)
    let growing = made(busy([12, 16, 20])).findings(Overloaded()).first
    #expect(facts(growing)["connections that left the queue"] == .number(4))
    #expect(facts(growing)["connections that arrived"] == .number(12))
    let text = growing?.story.joined(separator: " ") ?? ""
    #expect(text.contains("6.0 a second") && text.contains("2.0 a second"))
    // Room for 13 more, and 4 a second too many.
    #expect(text.contains("3.2 s") || text.contains("3.3 s"))
    let shrinking = made(busy([20, 15, 12], taken: 10)).findings(Overloaded()).first
    #expect(facts(shrinking)["connections that arrived"] == .number(2))
    // As many left as there were, and none came.
    let draining = made(busy([20, 15, 5], taken: 15)).findings(Overloaded()).first
    #expect(facts(draining)["connections that arrived"] == .number(0))
  }

  @Test("workers that others leave little of the CPUs are overloaded, too; idle ones are not")
  func starved() {
    #expect(made(busy(), ticks: [12, 11], waited: 850).findings(Overloaded()).count == 1)
    #expect(made(busy(), ticks: [12, 11], waited: 500).findings(Overloaded()).isEmpty)
    #expect(made(busy(), ticks: [0, 0], waited: 1000).findings(Overloaded()).isEmpty)
  }

  @Test("what workers took of the processor is evidence about each")
  func shares() {
    let finding = made(busy()).findings(Overloaded()).first
    let times = finding?.evidence.filter { $0.unit == "ms" && $0.fact.hasPrefix("CPU time") }
    #expect(times?.map(\.place.process) == [20, 30])
    #expect(times?.map(\.value) == [.number(480), .number(470)])
  }

  @Test("workers that wait, a queue that stands still or empties, and a short wait are no overload")
  func calm() {
    #expect(made(busy(), ticks: [2, 1]).findings(Overloaded()).isEmpty)
    #expect(made(busy(), ticks: [48, 1, 1]).findings(Overloaded()).isEmpty)
    #expect(made(busy(), ticks: [48, 1]).findings(Overloaded()).count == 1)
    #expect(made(busy(taken: 0)).findings(Overloaded()).isEmpty)
    #expect(made(busy(taken: 12)).findings(Overloaded()).isEmpty)
    #expect(made(busy([12, 0, 12])).findings(Overloaded()).isEmpty)
    #expect(made(busy(oldest: 999)).findings(Overloaded()).isEmpty)
    #expect(made(busy(oldest: 1000)).findings(Overloaded()).count == 1)
    // Nobody who serves it may be seen.
    #expect(made(busy(), ticks: []).findings(Overloaded()).isEmpty)
    var once = made(busy())
    for place in once.file.servers.indices { once.file.servers[place].listener.span = nil }
    #expect(once.findings(Overloaded()).isEmpty)
  }
}
