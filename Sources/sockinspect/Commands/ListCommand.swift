import ProcNet

/// `sockinspect list`: sockets, one row each.
struct ListCommand {
  private let arguments: ListArguments
  private let session: Session
  private let plan: ListPlan
  private let facts: HostFacts
  private let places: [NetworkNamespace]
  private let source: any SocketSource

  /// Runs the command and answers its exit status.
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = ListArguments()
    let parser = OptionParser(command: "sockinspect", options: Option<ListArguments>.list)
    arguments.words = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("list") }
    if arguments.common.listsColumns { return try ColumnSet.sockets.list() }
    return try ListCommand(arguments).run()
  }

  private init(_ arguments: ListArguments) throws {
    self.arguments = arguments
    session = try Session(arguments.common)
    var gaps: [Gap] = []
    places = try session.places(arguments.common.namespace, gaps: &gaps)
    facts = HostFacts(
      kernel: session.kernel, places: places, gaps: gaps,
      resolvesNames: arguments.common.resolvesNames)
    let filter = try arguments.filter(facts, session.kernel)
    // `--color always` asks for what a terminal gets, for a pager.
    let isScreen = OutputFile.standardOutput.isTerminal
    plan = try ListPlan(
      arguments, filter: filter, isTerminal: isScreen || arguments.common.colour == .always,
      isScreen: isScreen, showsNamespace: places.count > 1)
    source = session.source(arguments.common.source)
  }

  private func run() throws -> ExitStatus {
    var gaps = facts.gaps
    try facts.collect(plan.needs, from: source, plan.netids, gaps: &gaps)
    if arguments.isQuiet { return try answer(&gaps) }
    if arguments.summary { return try summarise(&gaps) }
    var format = makeFormat()
    var output = Output()
    format.begin(&output.writer)
    let rows =
      if let order = plan.sort {
        try sorted(order, &format, &output, &gaps)
      } else {
        try stream(&format, &output, &gaps)
      }
    if plan.hasExtraOwners {
      // Whose are not seen was not asked.
      gaps.setMoot(.owners)
    } else {
      try facts.concludeOwners(from: source, gaps: &gaps)
    }
    format.end(gaps, &output.writer)
    let complaint = rows == 0 ? complaint(gaps) : nil
    // A program that reads the answer gets a whole document all the same.
    if complaint == nil || arguments.common.format != .table { try output.flush() }
    if let complaint { throw complaint }
    return ended(gaps)
  }

  /// `--quiet`: whether there is one, as the exit status.
  private func answer(_ gaps: inout [Gap]) throws(KernelError) -> ExitStatus {
    var found = false
    try forEach(upTo: 1, &gaps) { _ in found = true }
    return found ? .done : .failed
  }

  /// A bare word that names no process: a mistyped command reads as a search for a program.
  private func complaint(_ gaps: [Gap]) -> UsageError? {
    let complaint = NamedProcesses.complaint(
      plan.filter, arguments.words, gaps, through: session.kernel)
    guard complaint != nil, let word = arguments.words.first, let near = CommandList.near(word)
    else { return complaint }
    return UsageError("unknown command '\(SafeText.string(word))'; did you mean \(near)?")
  }

  /// Says what was not read. JSON has it in the document as well.
  private func ended(_ gaps: [Gap]) -> ExitStatus {
    Notice.show(gaps)
    return !gaps.telling.isEmpty && arguments.common.isStrict ? .incomplete : .done
  }

  /// `-s`: counts instead of rows.
  private func summarise(_ gaps: inout [Gap]) throws(KernelError) -> ExitStatus {
    var summary = Summary()
    try forEach(&gaps) { (socket) throws(KernelError) in
      summary.count(socket, facts.ownership(of: socket))
    }
    try facts.concludeOwners(from: source, gaps: &gaps)
    var output = Output()
    let head = session.head(command: "list")
    summary.write(
      arguments.common.format, head, gaps, showsHeader: plan.showsHeader, to: &output.writer)
    try output.flush()
    return ended(gaps)
  }

  private func query(_ place: NetworkNamespace) -> SocketQuery {
    SocketQuery(
      netids: plan.netids, families: plan.families, states: plan.states,
      details: plan.needs.details, program: plan.filter.kernelProgram(), namespace: place)
  }

  /// Passes on each socket that the filter keeps, up to the limit.
  private func forEach(
    upTo limit: Int = .max, _ gaps: inout [Gap],
    _ use: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError) {
    let hasFilter = !plan.filter.isEmpty
    var count = 0
    for place in places {
      let progress = try source.visit(query(place), through: session.kernel, gaps: &gaps) {
        (socket) throws(KernelError) in
        if hasFilter, !plan.filter.matches(socket, facts) { return .more }
        guard count < limit else { return .stop }
        count += 1
        try use(socket)
        return .more
      }
      if progress == .stop { return }
    }
  }

  private func stream(
    _ format: inout any TableFormat<Socket>, _ output: inout Output, _ gaps: inout [Gap]
  ) throws(KernelError) -> Int {
    guard !plan.joinsEnds else { return try joined(&format, &output, &gaps) }
    var count = 0
    try forEach(upTo: arguments.common.limit ?? .max, &gaps) { (socket) throws(KernelError) in
      count += 1
      format.row(socket, facts, &output.writer)
      try output.flushWhenFull()
    }
    return count
  }

  /// The same with both ends of local connections together, as far as the first rows go.
  private func joined(
    _ format: inout any TableFormat<Socket>, _ output: inout Output, _ gaps: inout [Gap]
  ) throws(KernelError) -> Int {
    var (ends, isJoined, count) = (JoinedEnds(), false, 0)
    try forEach(upTo: arguments.common.limit ?? .max, &gaps) { (socket) throws(KernelError) in
      count += 1
      if !isJoined, ends.keep(socket) { return }
      if !isJoined {
        for row in ends.joined() { format.row(row, facts, &output.writer) }
        isJoined = true
      }
      format.row(socket, facts, &output.writer)
      try output.flushWhenFull()
    }
    for row in ends.joined() { format.row(row, facts, &output.writer) }
    return count
  }

  /// The one way of listing that holds the table in memory.
  private func sorted(
    _ order: RowOrder<Socket>, _ format: inout any TableFormat<Socket>, _ output: inout Output,
    _ gaps: inout [Gap]
  ) throws(KernelError) -> Int {
    var rows: [Socket] = []
    try forEach(&gaps) { (socket) throws(KernelError) in rows.append(copy socket) }
    for row in order.sorted(rows, facts).prefix(arguments.common.limit ?? .max) {
      format.row(row, facts, &output.writer)
      try output.flushWhenFull()
    }
    return rows.count
  }

  private func makeFormat() -> any TableFormat<Socket> {
    var parts = TableParts(
      columns: plan.columns, showsHeader: plan.showsHeader, head: session.head(command: "list"),
      text: text)
    if !plan.hasOwnColumns { (parts.list, parts.object) = ("sockets", SocketJSON.append) }
    return arguments.common.format.writer(parts)
  }

  private func text() -> any TableFormat<Socket> {
    guard plan.isTerminal else {
      return StreamedTable(plan.columns, showsHeader: plan.showsHeader, tail: tail)
    }
    return SocketTable.onTerminal(
      plan.columns, showsHeader: plan.showsHeader, arguments.common.colour, facts, tail: tail)
  }

  private var tail: RowTail<Socket>? {
    guard let heading = plan.detailsHeading else { return nil }
    let (details, notesOwnership) = (plan.details, plan.isTerminal && plan.notesOwnership)
    let showsOwners = plan.showsOwners
    var tail = RowTail<Socket>(heading: heading, isOneLine: details.oneLine) {
      socket, context, writer in
      if notesOwnership { SocketTable.appendOwnership(of: socket, context, to: &writer) }
      if showsOwners { SocketTable.appendOwners(of: socket, context, to: &writer) }
      if !details.isEmpty { details.append(socket, context, to: &writer) }
    }
    if showsOwners {
      tail.brief = { SocketTable.appendOwners(of: $0, $1, isBrief: true, to: &$2) }
    }
    return tail
  }
}

/// What a `list` command line means: which sockets, what around them, written how.
struct ListPlan {
  var netids: NetidSet
  var families: FamilySet
  var states: StateSet
  var filter: Filter
  var needs: Needs
  var columns: [Column<Socket>]
  /// `--columns` with names of one's own, not added to the usual ones.
  var hasOwnColumns: Bool
  var sort: RowOrder<Socket>?
  var showsHeader: Bool
  /// ss's words behind the row.
  var details = SSDetails()
  /// The heading of the words behind the row; nil when there are none.
  var detailsHeading: String?
  var isTerminal: Bool
  /// Owners are shown although they were not asked for: somebody looks, and there is room.
  var showsOwners: Bool
  /// Nothing else needs them.
  var hasExtraOwners: Bool
  /// Both ends of a local connection stand together.
  var joinsEnds: Bool

  /// - Parameters:
  ///   - isTerminal: Rows are written as a terminal has them.
  ///   - isScreen: They are written to one.
  init(
    _ arguments: ListArguments, filter: Filter, isTerminal: Bool, isScreen: Bool,
    showsNamespace: Bool
  ) throws(UsageError) {
    var selection = arguments.selection
    // A summary counts everything unless told otherwise.
    if arguments.summary { selection.askForAllStatesUnlessChosen() }
    let chosen = selection.resolved(
      filterStates: filter.states, isSelector: filter.isSelector)
    netids = chosen.netids
    families = chosen.families
    if let only = filter.families { families.formIntersection(only) }
    states = chosen.states
    self.filter = filter
    self.isTerminal = isTerminal && arguments.common.format == .table
    columns = try ColumnSet.sockets.chosen(
      arguments.common.columns,
      usual: Self.usualColumns(arguments.common.format, netids, states, showsNamespace))
    sort = try arguments.common.sort.map(ColumnSet.sockets.order)
    showsHeader = arguments.common.showsHeader
    // With columns of one's own, the process is a column like others.
    hasOwnColumns = arguments.common.columns.map { !$0.hasPrefix("+") } ?? false
    if !hasOwnColumns { details = arguments.details }
    if !details.isEmpty || (self.isTerminal && !hasOwnColumns) { detailsHeading = "Process" }
    let isForScreen = isScreen && self.isTerminal
    joinsEnds = isForScreen && sort == nil
    showsOwners =
      isForScreen && !hasOwnColumns && details.isEmpty && !arguments.summary && !arguments.isQuiet
      && !columns.contains { $0.name == "process" }
    hasExtraOwners = false
    needs = filter.collected
    needs.formUnion(neededByFormat(arguments))
    hasExtraOwners = showsOwners && !needs.contains(.owners)
    if showsOwners { needs.insert(.owners) }
  }

  /// ss leaves out a column that would say the same in each row.
  private static func usualColumns(
    _ format: OutputFormat, _ netids: NetidSet, _ states: StateSet, _ showsNamespace: Bool
  ) -> [String] {
    if format.isFlat { return ColumnSet<Socket>.usualInCSV }
    var names = ["recv-q", "send-q", "local", "peer"]
    if !states.isSingle { names.insert("state", at: 0) }
    if netids.rawValue & (netids.rawValue &- 1) != 0 { names.insert("netid", at: 0) }
    if showsNamespace { names.insert("netns", at: 0) }
    return names
  }

  /// Whether rows without an owner say why: not where a column says it already.
  var notesOwnership: Bool {
    detailsHeading != nil && !columns.contains { $0.needs.contains(.ownership) }
  }

  private func neededByFormat(_ arguments: ListArguments) -> Needs {
    var needs: Needs = []
    if arguments.summary { return .ownership }
    let format = arguments.common.format
    if format.hasObjects, !hasOwnColumns {
      return [.owners, .ownership, .peers, .tcp, .memory, .attributes]
    }
    if format == .table {
      // How long a connection has been queued is part of tcp_info.
      if isTerminal { needs.formUnion(notesOwnership ? [.ownership, .tcp] : .ownership) }
      if details.processes { needs.insert(.owners) }
      needs.formUnion(Needs(details.needs))
    }
    for column in columns { needs.formUnion(column.needs) }
    if let sort { needs.formUnion(sort.column.needs) }
    return needs
  }
}
