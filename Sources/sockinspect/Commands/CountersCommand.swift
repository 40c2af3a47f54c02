import ProcNet

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
    if arguments.common.listsColumns { return try listColumns() }
    return try CountersCommand(arguments).run()
  }

  private init(_ arguments: CountersArguments) throws {
    self.arguments = arguments
    try Self.check(arguments)
    session = try Session(arguments.common)
    var gaps: [Gap] = []
    places = try session.places(arguments.common.namespace, gaps: &gaps)
    placeGaps = gaps
    let isForPeople = OutputFile.standardOutput.isTerminal || arguments.common.colour == .always
    plan = try CountersPlan(
      arguments, isTerminal: isForPeople, showsNamespace: places.count > 1)
  }

  private static func check(_ arguments: CountersArguments) throws(UsageError) {
    if arguments.interval != nil, arguments.common.recording != nil {
      throw UsageError("a recording holds one moment; --interval needs a live host")
    }
    if arguments.count > 1, arguments.interval == nil {
      throw UsageError("--count says how many intervals; give --interval SECONDS with it")
    }
    if arguments.count > 1, arguments.common.format == .json {
      throw UsageError("a JSON document holds one interval; use --format jsonl with --count")
    }
  }

  private func run() throws -> ExitStatus {
    var gaps = placeGaps
    var before = samples(&gaps)
    if before.isEmpty, let gap = gaps.last { throw CounterGaps.nothing(gap) }
    gaps += try lacking(in: before)
    guard let interval = arguments.interval else {
      return try write(rows(before, since: [:]), gaps, isFirst: true)
    }
    var status = ExitStatus.done
    for round in 0..<arguments.count {
      CurrentProcess.pause(milliseconds: interval)
      var found = gaps
      let after = samples(&found)
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

  private func samples(_ gaps: inout [Gap]) -> Samples {
    var samples: Samples = [:]
    for place in places {
      var found: [Gap] = []
      let sample = CounterSample.read(
        place, through: session.kernel, at: CurrentProcess.steadyTime, gaps: &found)
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
    let report = CounterReport(plan: plan, head: session.head(command: "counters"))
    report.write(rows, gaps, at: CurrentProcess.now, &output.writer)
    try output.flush()
    Notice.show(gaps)
    if rows.isEmpty, plan.width != nil, !plan.showsZero {
      Notice.show("note: all of these are 0; --zero shows them")
    }
    return !gaps.telling.isEmpty && arguments.common.isStrict ? .incomplete : .done
  }

  private static func listColumns() throws(KernelError) -> ExitStatus {
    var output = Output()
    let width = CounterColumn.all.map(\.name.utf8.count).max() ?? 0
    for column in CounterColumn.all {
      output.writer.append(column.name)
      output.writer.append(UInt8(ascii: " "), times: width - column.name.utf8.count + 2)
      output.writer.append(column.meaning)
      output.writer.append(UInt8(ascii: "\n"))
    }
    try output.flush()
    return .done
  }
}
