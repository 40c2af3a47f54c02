import ProcNet

/// What a `list` command line means: which sockets, what around them, written how.
struct ListPlan {
  var netids: NetidSet
  var families: FamilySet
  var states: StateSet
  var filter: Filter
  var needs: Needs
  var layout: TableLayout
  var columns: [Column]
  var sort: (column: Column, isDescending: Bool)?
  var isTerminal: Bool

  init(
    _ arguments: ListArguments, filter: Filter, isTerminal: Bool, showsNamespace: Bool
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
    columns = try ColumnChoice.read(
      arguments.common.columns,
      usual: Self.usualColumns(arguments.common.format, netids, states, showsNamespace))
    sort = try arguments.common.sort.map(ColumnChoice.readSort)
    layout = Self.layout(arguments, columns, isTerminal: self.isTerminal)
    needs = filter.collected
    needs.formUnion(neededByFormat(arguments))
  }

  /// ss leaves out a column that would say the same in each row.
  private static func usualColumns(
    _ format: OutputFormat, _ netids: NetidSet, _ states: StateSet, _ showsNamespace: Bool
  ) -> [String] {
    if format == .csv { return CSVFormat.usual }
    var names = ["recv-q", "send-q", "local", "peer"]
    if !states.isSingle { names.insert("state", at: 0) }
    if netids.rawValue & (netids.rawValue &- 1) != 0 { names.insert("netid", at: 0) }
    if showsNamespace { names.insert("netns", at: 0) }
    return names
  }

  private static func layout(
    _ arguments: ListArguments, _ columns: [Column], isTerminal: Bool
  ) -> TableLayout {
    var layout = TableLayout(columns: columns)
    // With columns of one's own, the process is a column like others.
    let isUsual = arguments.common.columns.map { $0.hasPrefix("+") } ?? true
    if isUsual { layout.details = arguments.details }
    layout.showsHeader = arguments.common.showsHeader
    if !layout.details.isEmpty || (isTerminal && isUsual) { layout.detailsHeader = "Process" }
    return layout
  }

  private func neededByFormat(_ arguments: ListArguments) -> Needs {
    var needs: Needs = []
    if arguments.summary { return .standing }
    switch arguments.common.format {
    case .json, .jsonl:
      // Everything, unless columns were chosen.
      if arguments.common.columns?.hasPrefix("+") ?? true {
        return [.owners, .standing, .peers, .tcp, .memory, .attributes]
      }
    case .csv: break
    case .table:
      // How long a connection has been queued is part of tcp_info.
      if isTerminal { needs.formUnion(layout.notesStanding ? [.standing, .tcp] : .standing) }
      if layout.details.processes { needs.insert(.owners) }
      needs.formUnion(Needs(layout.details.needs))
    }
    for column in columns { needs.formUnion(column.needs) }
    if let sort { needs.formUnion(sort.column.needs) }
    return needs
  }
}

extension Needs {
  init(_ details: SocketQuery.Details) {
    self = []
    if details.contains(.tcp) { insert(.tcp) }
    if details.contains(.memory) { insert(.memory) }
    if details.contains(.attributes) { insert(.attributes) }
  }
}

/// The words behind `--columns` and `--sort`.
enum ColumnChoice {
  static func read(_ text: String?, usual: [String]) throws(UsageError) -> [Column] {
    guard let text else { return usual.compactMap(Column.named) }
    var chosen: [Column] = []
    for (index, word) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      if index == 0, word.hasPrefix("+") { chosen = usual.compactMap(Column.named) }
      let name = String(word.hasPrefix("+") ? word.dropFirst() : word)
      chosen.append(try column(name))
    }
    return chosen
  }

  static func readSort(_ text: String) throws(UsageError) -> (column: Column, isDescending: Bool) {
    let isDescending = text.hasPrefix("-")
    return (try column(isDescending ? String(text.dropFirst()) : text), isDescending)
  }

  private static func column(_ name: String) throws(UsageError) -> Column {
    let plain = name.lowercased().replacing(underscores: "-")
    if let column = Column.named(name) ?? Column.named(plain) { return column }
    let near = NearestWord.to(name, among: Column.all.map(\.name))
    let hint = near.map { "did you mean \($0)?" } ?? "--list-columns lists them all"
    throw UsageError("unknown column '\(SafeText.string(name))'; \(hint)")
  }
}

extension String {
  fileprivate func replacing(underscores with: Character) -> String {
    String(map { $0 == "_" ? with : $0 })
  }
}
