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
    if arguments.common.listsColumns { return try ColumnList.show() }
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
    let filter = try FilterReading.read(arguments, facts, session.kernel)
    // `--color always` asks for what a terminal gets, for a pager.
    let isForPeople = OutputFile.standardOutput.isTerminal || arguments.common.colour == .always
    plan = try ListPlan(
      arguments, filter: filter, isTerminal: isForPeople,
      showsNamespace: places.count > 1)
    source = session.source(arguments.common.source)
  }

  private func run() throws -> ExitStatus {
    var gaps = facts.gaps
    try facts.collect(plan.needs, from: source, plan.netids, gaps: &gaps)
    if arguments.summary { return try summarise(&gaps) }
    var format = makeFormat()
    var output = Output()
    format.begin(&output.writer)
    let rows =
      try plan.sort == nil
      ? stream(&format, &output, &gaps) : sorted(&format, &output, &gaps)
    try facts.concludeOwners(from: source, gaps: &gaps)
    format.end(gaps, &output.writer)
    try output.flush()
    if rows == 0 { hintAtCommand() }
    return ended(gaps)
  }

  /// A mistyped command's name reads as a search for a process of that name.
  private func hintAtCommand() {
    guard plan.filter.isSelector, let word = arguments.words.first else { return }
    let names = CommandList.all.map(\.name) + CommandList.later
    guard let near = NearestWord.to(word, among: names) else { return }
    Notice.show("nothing matches '\(word)'; did you mean the command '\(near)'?")
  }

  /// Says what was not read. JSON has it in the document as well.
  private func ended(_ gaps: [Gap]) -> ExitStatus {
    Notice.show(gaps)
    return !gaps.telling.isEmpty && arguments.common.isStrict ? .incomplete : .done
  }

  /// `-s`: counts instead of rows.
  private func summarise(_ gaps: inout [Gap]) throws -> ExitStatus {
    var summary = Summary()
    try forEach(&gaps) { (socket) throws(KernelError) in
      summary.count(socket, facts.standing(of: socket))
    }
    try facts.concludeOwners(from: source, gaps: &gaps)
    var output = Output()
    let head = session.head(command: "list")
    let report = SummaryReport(
      summary: summary, head: head, gaps: gaps, showsHeader: arguments.common.showsHeader)
    report.write(arguments.common.format, &output.writer)
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
    _ gaps: inout [Gap], _ use: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError) {
    let hasFilter = !plan.filter.isEmpty
    for place in places {
      try source.list(query(place), through: session.kernel, gaps: &gaps) {
        (socket) throws(KernelError) in
        if hasFilter, !plan.filter.matches(socket, facts) { return }
        try use(socket)
      }
    }
  }

  private func stream(
    _ format: inout any ListFormat, _ output: inout Output, _ gaps: inout [Gap]
  ) throws -> Int {
    let limit = arguments.common.limit ?? .max
    var count = 0
    do throws(KernelError) {
      try forEach(&gaps) { (socket) throws(KernelError) in
        guard count < limit else { throw .enough }
        count += 1
        format.row(socket, facts, &output.writer)
        try output.flushWhenFull()
      }
    } catch {
      guard error == .enough else { throw error }
    }
    return count
  }

  /// The one way of listing that holds the table in memory.
  private func sorted(
    _ format: inout any ListFormat, _ output: inout Output, _ gaps: inout [Gap]
  ) throws -> Int {
    guard let sort = plan.sort else { return 0 }
    var rows: [SortedRow] = []
    try forEach(&gaps) { (socket) throws(KernelError) in
      rows.append(SortedRow(copy socket, key: SortKey(socket, facts, sort.column), rows.count))
    }
    rows.sort { sort.isDescending ? $0.isAfter($1) : $0.isBefore($1) }
    for row in rows.prefix(arguments.common.limit ?? .max) {
      format.row(row.socket, facts, &output.writer)
      try output.flushWhenFull()
    }
    return rows.count
  }

  /// Everything that is known, or the columns that were chosen.
  private func makeJSON(isLines: Bool) -> any ListFormat {
    let head = session.head(command: "list")
    guard let chosen = arguments.common.columns, !chosen.hasPrefix("+") else {
      return JSONFormat(head: head, object: SocketJSON(), isLines: isLines)
    }
    return JSONFormat(head: head, object: ColumnJSON(columns: plan.columns), isLines: isLines)
  }

  private func makeFormat() -> any ListFormat {
    switch arguments.common.format {
    case .json, .jsonl: return makeJSON(isLines: arguments.common.format == .jsonl)
    case .csv:
      return CSVFormat(columns: plan.columns, showsHeader: arguments.common.showsHeader)
    case .table:
      guard plan.isTerminal else { return PlainTable(layout: plan.layout) }
      let output = OutputFile.standardOutput
      return TerminalTable(
        layout: plan.layout, width: output.width ?? (output.isTerminal ? 80 : .max),
        palette: Palette(isColoured: arguments.common.colour.isOn))
    }
  }
}

extension ColourChoice {
  /// Colour goes to terminals, unless NO_COLOR (no-color.org) is set.
  var isOn: Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      OutputFile.standardOutput.isTerminal
        && (CurrentProcess.environment("NO_COLOR") ?? "").isEmpty
        && CurrentProcess.environment("TERM") != "dumb"
    }
  }
}
