import ProcNet

/// What a `counters` command line means.
struct CountersPlan {
  let selection: CounterSelection
  let showsZero: Bool
  let format: OutputFormat
  let columns: [CounterColumn]
  let hasOwnColumns: Bool
  let sort: (column: CounterColumn, isDescending: Bool)?
  let limit: Int?
  let showsHeader: Bool
  /// Columns of the screen; nil where the output is not for people.
  let width: Int?
  let palette: Palette

  init(
    _ arguments: CountersArguments, isTerminal: Bool, showsNamespace: Bool
  ) throws(UsageError) {
    let common = arguments.common
    selection = arguments.selection
    if case .named = selection { showsZero = true } else { showsZero = arguments.showsZero }
    format = common.format
    showsHeader = common.showsHeader
    limit = common.limit
    hasOwnColumns = common.columns.map { !$0.hasPrefix("+") } ?? false
    columns = try CounterColumn.read(
      common.columns,
      usual: Self.usual(
        format, hasInterval: arguments.interval != nil, showsNamespace: showsNamespace))
    sort = try common.sort.map(CounterColumn.readSort)
    let isForPeople = isTerminal && common.format == .table
    let output = OutputFile.standardOutput
    width = isForPeople ? output.width ?? (output.isTerminal ? 80 : 1 << 20) : nil
    palette = Palette(isColoured: isForPeople && common.colour.isOn)
  }

  private static func usual(
    _ format: OutputFormat, hasInterval: Bool, showsNamespace: Bool
  ) -> [String] {
    if format == .csv { return CounterColumn.all.map(\.name) }
    return (showsNamespace ? ["netns"] : []) + ["name", "value"]
      + (hasInterval ? ["delta", "per-second"] : []) + ["meaning"]
  }

  /// What is shown of a namespace.
  func rows(_ sample: CounterSample, since before: CounterSample?) -> [CounterRow] {
    let earlier = before.map { before in
      Dictionary(
        before.counters.map { ($0.fullName, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    let interval = before.map { max(sample.time &- $0.time, 1) }
    return selection.chosen(from: sample.counters)
      .filter { showsZero || $0.value != 0 || (earlier?[$0.fullName] ?? 0) != 0 }
      .map { counter in
        guard let interval, let old = earlier?[counter.fullName] else {
          return CounterRow(counter, in: sample.place)
        }
        let change = CounterChange(delta: counter.value - old, interval: interval)
        return CounterRow(counter, in: sample.place, change: change)
      }
  }

  func arranged(_ rows: [CounterRow]) -> [CounterRow] {
    var rows = rows
    if let sort {
      let keyed = rows.enumerated().map {
        (position: $0.offset, key: sort.column.value($0.element), row: $0.element)
      }
      rows = keyed.sorted { left, right in
        if left.key < right.key { return !sort.isDescending }
        if right.key < left.key { return sort.isDescending }
        return left.position < right.position
      }.map(\.row)
    }
    return limit.map { Array(rows.prefix($0)) } ?? rows
  }
}
