import ProcNet

/// `sockinspect listen`: listeners, what waits at them, what they dropped, who should accept.
struct ListenCommand {
  private let arguments: ListenArguments
  private let session: Session
  private let plan: ListenPlan
  private let facts: HostFacts
  private let places: [NetworkNamespace]
  private let filter: Filter

  /// Runs the command and answers its exit status.
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = ListenArguments()
    let parser = OptionParser(command: "sockinspect listen", options: Option.listen)
    arguments.words = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("listen") }
    if arguments.common.listsColumns { return try ColumnSet.listeners.list() }
    return try ListenCommand(arguments).run()
  }

  private init(_ arguments: ListenArguments) throws {
    self.arguments = arguments
    session = try Session(arguments.common, comparing: arguments.interval != nil)
    var gaps: [Gap] = []
    places = try session.places(arguments.common.namespace, gaps: &gaps)
    facts = HostFacts(
      kernel: session.kernel, places: places, gaps: gaps,
      resolvesNames: arguments.common.resolvesNames)
    filter = try arguments.forFilter.filter(facts, session.kernel)
    plan = try ListenPlan(
      arguments, isTerminal: arguments.common.colour.isForPeople, showsNamespace: places.count > 1)
  }

  private func run() throws -> ExitStatus {
    var gaps = facts.gaps
    let before = try firstDrops()
    let listeners = try survey(&gaps).filter(arguments.selection.shows)
    let now = session.earlier == nil ? CurrentProcess.steadyTime : session.time
    var rows = listeners.map { ListenRow(listener: $0, rate: before?.rate(of: $0, now: now)) }
    rows = plan.sort?.sorted(rows, facts) ?? ListenOrder.sorted(rows)
    if let limit = arguments.common.limit { rows = Array(rows.prefix(limit)) }
    if plan.needsOwners { try nameOwners(of: rows, gaps: &gaps) }
    var output = Output()
    let head = session.head(command: "listen")
    ListenReport(plan: plan, head: head, context: facts).write(rows, gaps, &output.writer)
    let complaint =
      rows.isEmpty
      ? NamedProcesses.complaint(filter, arguments.words, gaps, through: session.kernel) : nil
    // A program that reads the answer gets a whole document all the same.
    if complaint == nil || plan.format != .table { try output.flush() }
    if let complaint { throw complaint }
    Notice.show(gaps)
    return !gaps.telling.isEmpty && arguments.common.isStrict ? .incomplete : .done
  }

  private func scope(_ kernel: any Kernel) -> ListenerSurvey.Scope {
    let selection = arguments.selection
    return ListenerSurvey.Scope(
      selection.surveyed, families: selection.families, in: places,
      from: session.source(arguments.common.source), through: kernel)
  }

  /// With `--interval`: the drops so far, and then the wait; a recording needs none.
  private func firstDrops() throws(KernelError) -> DropCounts? {
    guard let interval = arguments.interval else { return nil }
    let kernel: any Kernel = session.earlier ?? session.kernel
    let listeners = try ListenerSurvey.listeners(scope(kernel))
    if let earlier = session.earlier { return DropCounts(listeners, at: earlier.time) }
    let counts = DropCounts(listeners, at: CurrentProcess.steadyTime)
    CurrentProcess.pause(milliseconds: interval)
    return counts
  }

  /// Processes are walked for the listeners' own sockets only: before the filter where it asks for
  /// them, else once it is known which listeners are shown.
  private func survey(_ gaps: inout [Gap]) throws(KernelError) -> [Listener] {
    var survey = ListenerSurvey(scope(session.kernel), listsWaiting: plan.listsWaiting)
    try survey.findListeners(gaps: &gaps)
    let filterNeedsOwners = filter.collected.contains(.owners)
    if filterNeedsOwners { facts.collectOwners(of: survey.inodes, gaps: &gaps) }
    if !filter.isEmpty { survey.keep { filter.matches($0, facts) } }
    try survey.countConnections(gaps: &gaps)
    let listeners = survey.concluded(gaps: &gaps)
    let clients = listeners.flatMap { $0.waiting.compactMap(\.clientInode) }
    if plan.needsOwners, !filterNeedsOwners || !clients.isEmpty {
      // A second walk would tell the same gaps again.
      var found: [Gap] = []
      facts.collectOwners(of: listeners.map(\.socket.inode) + clients, gaps: &found)
      for gap in found where !gaps.contains(gap) { gaps.append(gap) }
    }
    return listeners
  }

  /// Asks for the owners as the report will, to know which are missing before it ends.
  private func nameOwners(of rows: [ListenRow], gaps: inout [Gap]) throws(KernelError) {
    for row in rows { _ = facts.owners(of: row.listener.socket) }
    try facts.concludeOwners(from: session.source(arguments.common.source), gaps: &gaps)
  }
}
