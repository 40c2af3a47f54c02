import ProcNet

/// What a `listen` command line means: which listeners, what of them, written how.
struct ListenPlan {
  let format: OutputFormat
  let columns: [ListenColumn]
  /// `--columns` with names of one's own, not added to the usual ones.
  let hasOwnColumns: Bool
  let sort: (column: ListenColumn, isDescending: Bool)?
  let callsRoll: Bool
  let showsHeader: Bool
  /// Columns of the screen; nil where the output is not for people.
  let width: Int?
  let palette: Palette

  init(_ arguments: ListenArguments, isTerminal: Bool, showsNamespace: Bool) throws(UsageError) {
    let common = arguments.common
    format = common.format
    callsRoll = arguments.callsRoll
    showsHeader = common.showsHeader
    hasOwnColumns = common.columns.map { !$0.hasPrefix("+") } ?? false
    let isForPeople = isTerminal && format == .table
    columns = try ListenColumn.read(
      common.columns,
      usual: format == .csv
        ? ListenColumn.usualInCSV
        : Self.usual(arguments, isForPeople: isForPeople, showsNamespace: showsNamespace))
    sort = try common.sort.map(ListenColumn.readSort)
    let output = OutputFile.standardOutput
    width = isForPeople ? output.width ?? (output.isTerminal ? 80 : 1 << 20) : nil
    palette = Palette(isColoured: isForPeople && common.colour.isOn)
    try Self.checkRollCall(self)
  }

  private static func checkRollCall(_ plan: ListenPlan) throws(UsageError) {
    guard plan.callsRoll else { return }
    if plan.format == .csv || (plan.format != .table && plan.hasOwnColumns) {
      throw UsageError("--waiting has no place in rows of columns; use the table, or plain --json")
    }
  }

  private static func usual(
    _ arguments: ListenArguments, isForPeople: Bool, showsNamespace: Bool
  ) -> [String] {
    let netids = arguments.selection.netids
    let hasOneKind = netids.rawValue & (netids.rawValue &- 1) == 0
    return (showsNamespace ? ["netns"] : []) + (hasOneKind ? [] : ["netid"])
      + ["local", "shard", "queue"] + (isForPeople ? ["bar"] : [])
      + ["oldest", "abandoned", "unread", "syn", "drops"]
      + (arguments.interval == nil ? [] : ["drop-rate"]) + ["accepted", "service", "owners"]
  }

  /// On a terminal the usual columns come and go with what there is to tell.
  var hidesEmptyColumns: Bool { width != nil && !hasOwnColumns }

  var needsOwners: Bool {
    if format == .json || format == .jsonl, !hasOwnColumns { return true }
    return callsRoll || columns.contains(where: \.needsOwners)
      || sort?.column.needsOwners == true
  }
}
