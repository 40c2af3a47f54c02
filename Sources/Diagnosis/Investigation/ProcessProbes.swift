import ProcNet

/// The processes under suspicion at both looks.
struct ProcessProbes {
  private let first: ProcessProbe
  private let second: ProcessProbe
  private var before: [Int32: ProcessSnapshot] = [:]
  private var now: [Int32: ProcessSnapshot] = [:]

  init(first: any Kernel, second: any Kernel) {
    self.first = ProcessProbe(through: first)
    self.second = ProcessProbe(through: second)
  }

  var count: Int { before.count }

  /// Looks at a process unless that has been done; answers whether it did.
  mutating func take(_ process: Int32) -> Bool {
    guard before[process] == nil, let snapshot = first.probe(process) else { return false }
    before[process] = snapshot
    return true
  }

  func snapshots(_ processes: [Int32]) -> [ProcessSnapshot] { processes.compactMap { before[$0] } }

  mutating func lookAgain() {
    for process in before.keys { now[process] = second.probe(process) }
  }

  /// There is no second moment: nothing is known of what moved.
  mutating func lookOnce() { (now, before) = (before, [:]) }

  /// Those that still live.
  var cases: [Int32: ProcessCase] {
    now.reduce(into: [:]) { cases, found in
      cases[found.key] = ProcessCase(found.value, before: before[found.key])
    }
  }
}
