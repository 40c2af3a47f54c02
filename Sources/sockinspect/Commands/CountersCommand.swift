import ProcNet

/// What was typed after `counters`.
struct CountersArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  /// `--all`: every counter instead of those about trouble.
  var wantsAll = false
  /// `--zero`.
  var showsZero = false
  /// `--interval`, in milliseconds.
  var interval: UInt64?
  /// `--count`.
  var count = 1
  var wantsHelp = false
  /// The words that are no options: names and patterns.
  var names: [String] = []

  var selection: CounterSelection {
    if !names.isEmpty { return .named(names) }
    return wantsAll ? .all : .listen
  }
}

extension Option where Arguments == CountersArguments {
  /// The options of `counters`.
  static var counters: [Option<CountersArguments>] { which + when + shared }

  private static var which: [Option<CountersArguments>] {
    [
      Option(
        nil, "listen", help: "counters about queues, SYN, resets, loss and memory (the default)"
      ) { $0.wantsAll = false },
      Option(nil, "all", help: "every counter that the kernel has") { $0.wantsAll = true },
      Option("z", "zero", help: "counters that are 0, too") { $0.showsZero = true },
    ]
  }

  private static var when: [Option<CountersArguments>] {
    [
      Option(
        nil, "interval", argument: "SECONDS",
        help: "take two samples, SECONDS apart, and show the change, and per second"
      ) { (arguments, text) throws(UsageError) in
        arguments.interval = try ListenInterval.read(text)
      },
      Option(nil, "count", argument: "N", help: "with --interval: number of intervals") {
        (arguments, text) throws(UsageError) in
        arguments.count = try Number.read(text, "--count", 1...1_000_000)
      },
    ]
  }

  /// Those of every reading command, without what concerns sockets only.
  private static var shared: [Option<CountersArguments>] {
    common.filter { Set($0.names).isDisjoint(with: ["source", "resolve", "numeric"]) }
  }
}

/// `sockinspect counters`: the kernel's protocol counters, what they did lately, what they mean.
struct CountersCommand {
  private let arguments: CountersArguments
  private let session: Session
  private let places: [NetworkNamespace]
  private let placeGaps: [Gap]
  private let plan: CountersPlan

  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = CountersArguments()
    let parser = OptionParser(command: "sockinspect counters", options: Option.counters)
    arguments.names = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("counters") }
    if arguments.common.listsColumns { return try ColumnSet.counters.list() }
    return try CountersCommand(arguments).run()
  }

  private init(_ arguments: CountersArguments) throws {
    self.arguments = arguments
    try Self.check(arguments)
    session = try Session(arguments.common, comparing: arguments.interval != nil)
    var gaps: [Gap] = []
    places = try session.places(arguments.common.namespace, gaps: &gaps)
    placeGaps = gaps
    plan = try CountersPlan(
      arguments, isTerminal: arguments.common.colour.isForPeople, showsNamespace: places.count > 1)
  }

  private static func check(_ arguments: CountersArguments) throws(UsageError) {
    if arguments.count > 1, arguments.interval == nil {
      throw UsageError("--count says how many intervals; give --interval SECONDS with it")
    }
    if arguments.count > 1, arguments.common.recording != nil {
      throw UsageError("--count needs a live host; --sample N chooses an interval of a recording")
    }
    if arguments.count > 1, arguments.common.format == .json {
      throw UsageError("a JSON document holds one interval; use --format jsonl with --count")
    }
  }

  private func run() throws -> ExitStatus {
    var gaps = placeGaps
    var before = samples(session.earlier ?? session.kernel, &gaps)
    if before.isEmpty, let gap = gaps.last { throw CounterGaps.nothing(gap) }
    gaps += try lacking(in: before)
    guard let interval = arguments.interval else {
      return try write(rows(before, since: [:]), gaps, isFirst: true)
    }
    var status = ExitStatus.done
    for round in 0..<arguments.count {
      if session.earlier == nil { CurrentProcess.pause(milliseconds: interval) }
      var found = gaps
      let after = samples(session.kernel, &found)
      let rows = rows(after, since: before)
      found += replaced(before, after) + CounterGaps.wentBack(rows)
      let fresh = round == 0 ? found : found.filter { !gaps.contains($0) }
      let ended = try write(rows, fresh, isFirst: round == 0)
      if ended != .done { status = ended }
      before = after
    }
    return status
  }

  private typealias Samples = [NetworkNamespace: CounterSample]

  private func samples(_ kernel: any Kernel, _ gaps: inout [Gap]) -> Samples {
    let recorded = (kernel as? RecordedKernel)?.time
    var samples: Samples = [:]
    for place in places {
      var found: [Gap] = []
      let sample = CounterSample.read(
        place, through: kernel, at: recorded ?? CurrentProcess.steadyTime, gaps: &found)
      samples[place] = sample
      for gap in found where !gaps.contains(gap) { gaps.append(gap) }
    }
    return samples
  }

  private func rows(_ samples: Samples, since before: Samples) -> [CounterRow] {
    plan.arranged(
      places.flatMap { place -> [CounterRow] in
        guard let sample = samples[place] else { return [] }
        let earlier = before[place].flatMap { $0.isSameNamespace(as: sample) ? $0 : nil }
        return plan.rows(sample, since: earlier)
      })
  }

  private func lacking(in samples: Samples) throws(UsageError) -> [Gap] {
    let counters = samples.values.flatMap(\.counters)
    guard places.allSatisfy({ samples[$0]?.isComplete == true }) else {
      return plan.selection.unmatched(in: counters).map(CounterGaps.notSeen)
    }
    return try plan.selection.lacking(in: counters).map(CounterGaps.lacking)
  }

  private func replaced(_ before: Samples, _ after: Samples) -> [Gap] {
    places.compactMap { CounterGaps.replaced(before[$0], after[$0]) }
  }

  private func write(
    _ rows: [CounterRow], _ gaps: [Gap], isFirst: Bool
  ) throws(KernelError) -> ExitStatus {
    var output = Output()
    if !isFirst, plan.format == .table { output.writer.append(UInt8(ascii: "\n")) }
    let time = session.recording == nil ? CurrentProcess.now : session.time
    write(rows, gaps, at: time, &output.writer)
    try output.flush()
    Notice.show(gaps)
    if rows.isEmpty, plan.width != nil, !plan.showsZero {
      Notice.show("note: all of these are 0; --zero shows them")
    }
    return !gaps.telling.isEmpty && arguments.common.isStrict ? .incomplete : .done
  }

  private func write(
    _ rows: [CounterRow], _ gaps: [Gap], at time: UInt64, _ writer: inout ByteWriter
  ) {
    var parts = TableParts(
      columns: plan.columns, showsHeader: plan.showsHeader,
      head: session.head(command: "counters"),
      text: {
        AlignedTable(
          plan.columns, showsHeader: plan.showsHeader, width: plan.width, palette: plan.palette,
          style: plan.width == nil ? TextStyle() : .ofLocale)
      })
    if !plan.hasOwnColumns {
      let isLine = plan.format == .jsonl
      parts.list = "counters"
      parts.object = { row, _, json, writer in
        // One object a line has no document around it that could say when.
        CounterJSON.append(row, at: isLine && row.change != nil ? time : nil, &json, &writer)
      }
    }
    plan.format.writer(parts).write(rows, gaps: gaps, to: &writer)
  }
}

/// What a `counters` command line means.
struct CountersPlan {
  let selection: CounterSelection
  let showsZero: Bool
  let format: OutputFormat
  let columns: [Column<CounterRow>]
  let hasOwnColumns: Bool
  let sort: RowOrder<CounterRow>?
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
    columns = try ColumnSet.counters.chosen(
      common.columns,
      usual: Self.usual(
        format, hasInterval: arguments.interval != nil, showsNamespace: showsNamespace))
    sort = try common.sort.map(ColumnSet.counters.order)
    let isForPeople = isTerminal && common.format == .table
    let output = OutputFile.standardOutput
    width = isForPeople ? output.width ?? (output.isTerminal ? 80 : 1 << 20) : nil
    palette = Palette(isColoured: isForPeople && common.colour.isOn)
  }

  private static func usual(
    _ format: OutputFormat, hasInterval: Bool, showsNamespace: Bool
  ) -> [String] {
    if format.isFlat { return ColumnSet.counters.all.map(\.name) }
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
    let sorted = sort?.sorted(rows, UnknownContext()) ?? rows
    return limit.map { Array(sorted.prefix($0)) } ?? sorted
  }
}
