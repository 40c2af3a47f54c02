import ProcNet

/// How many sockets there are of each kind in each state, sampled again and again at a bounded
/// cost: for that all of them have to be listed.
struct StateWatch {
  /// A kind of socket in a state.
  struct Name: Hashable {
    let netid: Netid
    let state: SocketState
  }

  struct Row {
    let line: Summary.Line
    /// How many more than in the sample before; nil when there was none.
    let change: Int?
  }

  /// What one sample showed.
  struct Reading {
    fileprivate(set) var rows: [Row] = []
    fileprivate(set) var summary = Summary()
    fileprivate(set) var gaps: [Gap] = []
    /// When it was sampled, since 1970.
    fileprivate(set) var time: UInt64 = 0
  }

  private let isRecorded: Bool
  private var pace: AdaptiveInterval
  private var before: [Name: Int]?
  /// The last sample, unless an earlier one is shown.
  private(set) var reading = Reading()
  private(set) var history = HistoryStore<Name>()

  /// - Parameter isRecorded: Every sample of a recording is read.
  init(isRecorded: Bool = false) {
    self.isRecorded = isRecorded
    pace = AdaptiveInterval(share: isRecorded ? 0 : 200)
  }

  var rows: [Row] { reading.rows }
  var summary: Summary { reading.summary }
  var gaps: [Gap] { reading.gaps }
  var time: UInt64 { reading.time }

  mutating func startAnew() { self = StateWatch(isRecorded: isRecorded) }

  /// Shows an earlier sample again.
  mutating func show(_ earlier: Reading) { reading = earlier }

  func age(at moment: UInt64) -> UInt64? { pace.age(at: moment) }

  /// Samples if it is time; answers whether it did.
  mutating func sample(_ scope: WatchScope, at moment: UInt64) throws(KernelError) -> Bool {
    guard pace.isDue(at: moment) else { return false }
    let start = CurrentProcess.processorTime
    reading.gaps = []
    reading.time = scope.time
    reading.summary = try count(scope)
    let counts = summary.ordered.map { (Name(netid: $0.netid, state: $0.state), $0.total) }
    reading.rows = summary.ordered.map { line in
      let name = Name(netid: line.netid, state: line.state)
      return Row(line: line, change: before.map { line.total - ($0[name] ?? 0) })
    }
    before = Dictionary(counts) { first, _ in first }
    history.record(
      counts.map { name, total in
        (name, History.Moment(time: moment, value: UInt64(total), isMarked: false))
      })
    pace.sampled(at: moment, cost: CurrentProcess.processorTime - start)
    return true
  }

  private mutating func count(_ scope: WatchScope) throws(KernelError) -> Summary {
    var summary = Summary()
    let selection = scope.arguments.selection
    let filter = scope.filter
    var needs = filter.collected
    needs.insert(.ownership)
    try scope.facts.collect(needs, from: scope.source, selection.netids, gaps: &reading.gaps)
    for namespace in scope.namespaces {
      let query = SocketQuery(
        netids: selection.netids, families: selection.families, states: .all,
        details: needs.details, program: filter.kernelProgram(), namespace: namespace)
      try scope.source.list(query, through: scope.kernel, gaps: &reading.gaps) {
        (socket) throws(KernelError) in
        if !filter.isEmpty, !filter.matches(socket, scope.facts) { return }
        summary.count(socket, scope.facts.ownership(of: socket))
      }
    }
    return summary
  }
}
