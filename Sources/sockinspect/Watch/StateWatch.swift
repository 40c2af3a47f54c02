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

  private var pace = AdaptiveInterval()
  private var before: [Name: Int]?
  private(set) var rows: [Row] = []
  private(set) var summary = Summary()
  private(set) var gaps: [Gap] = []
  private(set) var history = HistoryStore<Name>()
  /// When it was sampled last, since 1970.
  private(set) var time: UInt64 = 0

  mutating func startAnew() { self = StateWatch() }

  func age(at moment: UInt64) -> UInt64? { pace.age(at: moment) }

  /// Samples if it is time; answers whether it did.
  mutating func sample(_ scope: WatchScope, at moment: UInt64) throws(KernelError) -> Bool {
    guard pace.isDue(at: moment) else { return false }
    let start = CurrentProcess.processorTime
    gaps = []
    time = CurrentProcess.now
    summary = try count(scope)
    let counts = summary.ordered.map { (Name(netid: $0.netid, state: $0.state), $0.total) }
    rows = summary.ordered.map { line in
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
    try scope.facts.collect(needs, from: scope.source, selection.netids, gaps: &gaps)
    for namespace in scope.namespaces {
      let query = SocketQuery(
        netids: selection.netids, families: selection.families, states: .all,
        details: needs.details, program: filter.kernelProgram(), namespace: namespace)
      try scope.source.list(query, through: scope.kernel, gaps: &gaps) {
        (socket) throws(KernelError) in
        if !filter.isEmpty, !filter.matches(socket, scope.facts) { return }
        summary.count(socket, scope.facts.ownership(of: socket))
      }
    }
    return summary
  }
}
