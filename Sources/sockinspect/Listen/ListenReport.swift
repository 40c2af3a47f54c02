import ProcNet

/// What a `listen` command line means: which listeners, what of them, written how.
struct ListenPlan {
  let format: OutputFormat
  let columns: [Column<ListenRow>]
  /// `--columns` with names of one's own, not added to the usual ones.
  let hasOwnColumns: Bool
  let sort: RowOrder<ListenRow>?
  let listsWaiting: Bool
  let showsHeader: Bool
  /// Columns of the screen; nil where the output is not for people.
  let width: Int?
  let palette: Palette

  init(_ arguments: ListenArguments, isTerminal: Bool, showsNamespace: Bool) throws(UsageError) {
    let common = arguments.common
    format = common.format
    listsWaiting = arguments.listsWaiting
    showsHeader = common.showsHeader
    hasOwnColumns = common.columns.map { !$0.hasPrefix("+") } ?? false
    let isForPeople = isTerminal && format == .table
    columns = try ColumnSet.listeners.chosen(
      common.columns,
      usual: format == .csv
        ? ColumnSet<ListenRow>.usualInCSV
        : Self.usual(arguments, isForPeople: isForPeople, showsNamespace: showsNamespace))
    sort = try common.sort.map(ColumnSet.listeners.order)
    let output = OutputFile.standardOutput
    width = isForPeople ? output.width ?? (output.isTerminal ? 80 : 1 << 20) : nil
    palette = Palette(isColoured: isForPeople && common.colour.isOn)
    try Self.checkWaiting(self)
  }

  private static func checkWaiting(_ plan: ListenPlan) throws(UsageError) {
    guard plan.listsWaiting else { return }
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
      + (arguments.interval == nil ? [] : ["drops-per-s"]) + ["accepted", "service", "owners"]
  }

  /// On a terminal the usual columns come and go with what there is to tell.
  var hidesEmptyColumns: Bool { width != nil && !hasOwnColumns }

  var needsOwners: Bool {
    if format == .json || format == .jsonl, !hasOwnColumns { return true }
    return listsWaiting || columns.contains { $0.needs.contains(.owners) }
      || sort?.column.needs.contains(.owners) == true
  }
}

/// Writes listeners in the format that was asked for.
struct ListenReport {
  let plan: ListenPlan
  let head: ReportHead
  let context: any SocketContext

  func write(_ rows: [ListenRow], _ gaps: [Gap], _ writer: inout ByteWriter) {
    switch plan.format {
    case .table: writeTable(rows, &writer)
    case .json: json(head).write(rows, context, gaps: gaps, to: &writer)
    case .jsonl: json(nil).write(rows, context, to: &writer)
    case .csv:
      CSVTable(plan.columns, showsHeader: plan.showsHeader).write(rows, context, to: &writer)
    }
  }

  private func json(_ head: ReportHead?) -> JSONTable<ListenRow> {
    if plan.hasOwnColumns { return JSONTable(head, columns: plan.columns) }
    let listsWaiting = plan.listsWaiting
    return JSONTable(head, list: "listeners") { row, context, json, writer in
      ListenJSON(context: context, listsWaiting: listsWaiting).append(row, &json, &writer)
    }
  }

  /// On a terminal a sentence at the end says whether all is well.
  private func writeTable(_ rows: [ListenRow], _ writer: inout ByteWriter) {
    if !rows.isEmpty || plan.width == nil {
      table(rows).write(rows, context, to: &writer)
    }
    guard plan.width != nil, plan.showsHeader else { return }
    let verdict = ListenVerdict(rows)
    if !rows.isEmpty { writer.append(UInt8(ascii: "\n")) }
    writer.append(plan.palette.start(verdict.tone))
    writer.append(verdict.text)
    writer.append(plan.palette.plain)
    writer.append(UInt8(ascii: "\n"))
  }

  private func table(_ rows: [ListenRow]) -> AlignedTable<ListenRow> {
    var below: ((borrowing ListenRow, inout ByteWriter) -> Void)?
    if plan.listsWaiting {
      below = { (row: borrowing ListenRow, writer: inout ByteWriter) in
        AcceptQueueLines(copy row, context, plan.palette).append(to: &writer)
      }
    }
    return AlignedTable(
      plan.hidesEmptyColumns ? columnsThatTell(rows) : plan.columns,
      showsHeader: plan.showsHeader, width: plan.width, palette: plan.palette, below: below)
  }

  private func columnsThatTell(_ rows: [ListenRow]) -> [Column<ListenRow>] {
    plan.columns.filter { column in
      !column.isOptional || rows.contains { !column.value($0, context).isNothing }
    }
  }
}
