import ProcNet

/// `watch` without a screen: a block of text or a line of JSON for each sample.
struct WatchLines {
  private let arguments: WatchArguments
  private var scope: WatchScope
  private let plan: ListenPlan
  private let order: WatchOrder
  private let interval: UInt64
  private var clock: WatchClock
  private var written = 0
  private var listeners: ListenerWatch
  private var states: StateWatch
  private var counters = CounterWatch()
  private var told: [Gap] = []
  /// Which of a recording's samples it is; nil where there is only one.
  private var place: String?

  init(_ arguments: WatchArguments, _ scope: WatchScope) throws(UsageError) {
    self.arguments = arguments
    self.scope = scope
    interval = arguments.interval ?? WatchArguments.usualInterval
    clock = WatchClock(interval: interval)
    order = try arguments.order() ?? .trouble
    let isRecorded = scope.samples != nil
    listeners = ListenerWatch(isRecorded: isRecorded)
    states = StateWatch(isRecorded: isRecorded)
    var listen = arguments.listen
    listen.common.sort = nil
    // One sample alone has no rates.
    if (scope.samples ?? .max) > 1 { listen.interval = interval }
    plan = try ListenPlan(
      listen, isTerminal: arguments.common.colour.isForPeople,
      showsNamespace: scope.namespaces.count > 1)
  }

  mutating func run() throws(KernelError) -> ExitStatus {
    guard let samples = scope.samples else {
      _ = try goOn()
      return ended
    }
    var output = Output()
    do {
      for number in 0..<min(samples, arguments.count ?? .max) {
        scope = scope.at(sample: number)
        place = samples > 1 ? "sample \(number + 1) of \(samples)" : nil
        try write(at: scope.moment, &output.writer)
        try output.flush()
      }
    }
    return ended
  }

  /// Writes the samples that are due within a time, in milliseconds, or all of them; false when
  /// there are to be no more, because no reader is left or a signal came.
  mutating func goOn(for time: UInt64? = nil) throws(KernelError) -> Bool {
    let end = time.map { CurrentProcess.steadyTime &+ $0 }
    var output = Output()
    while true {
      let isComplete = written == arguments.count
      if isComplete, end == nil { return false }
      if !isComplete, clock.isDue() {
        try write(at: clock.moment, &output.writer)
        try output.flush()
        written += 1
        clock.advance()
        continue
      }
      let now = CurrentProcess.steadyTime
      if let end, now >= end { return !Interruption.hasCome }
      // Who records asks now and then whether a signal wants the end.
      let wait = end.map { min($0 - now, isComplete ? .max : clock.wait(now: now), 200) }
      guard OutputFile.standardOutput.pause(milliseconds: wait ?? clock.wait(now: now)),
        !Interruption.hasCome
      else { return false }
    }
  }

  /// The status when it is over.
  var ended: ExitStatus {
    !told.isEmpty && arguments.common.isStrict ? .incomplete : .done
  }

  private mutating func write(
    at moment: UInt64, _ writer: inout ByteWriter
  ) throws(KernelError) {
    let isJSON = arguments.common.format != .table
    switch arguments.view {
    case .listeners:
      var sample = try listeners.sample(scope, at: moment, counts: true)
      sample.rows = rows(sample)
      tell(sample.gaps)
      if isJSON { return WatchJSON(scope: scope).write(sample, &writer) }
      heading(sample.time, age: sample.countAge, &writer)
      let head = scope.head(time: sample.time)
      ListenReport(plan: plan, head: head, context: scope.facts)
        .write(sample.rows, sample.gaps, &writer)
    case .states:
      _ = try states.sample(scope, at: moment)
      tell(states.gaps)
      if isJSON { return WatchJSON(scope: scope).write(states, at: moment, &writer) }
      heading(states.time, age: states.age(at: moment), &writer)
      states.summary.write(
        .table, scope.head(time: states.time), states.gaps,
        showsHeader: arguments.common.showsHeader, to: &writer)
    case .counters:
      counters.sample(in: scope.namespaces, through: scope.kernel, at: moment)
      tell(counters.gaps)
      if isJSON { return WatchJSON(scope: scope).write(counters, &writer) }
      heading(scope.time, age: nil, &writer)
      writeTable(&writer)
    }
    writer.append(UInt8(ascii: "\n"))
  }

  private func rows(_ sample: ListenersSample) -> [ListenRow] {
    let sorted = order.sorted(sample, isReversed: false, scope.facts)
    return Array(sorted.prefix(arguments.common.limit ?? .max))
  }

  /// When the sample was taken; what is older says so.
  private func heading(_ time: UInt64, age: UInt64?, _ writer: inout ByteWriter) {
    writer.append(TimeText.iso8601(milliseconds: time))
    if let place { writer.append("  \(place)") }
    if let age, age > 0 { writer.append("  connections as of \(AgeText.string(age)) before") }
    writer.append(UInt8(ascii: "\n"))
  }

  /// Each gap once, not at every sample.
  private mutating func tell(_ gaps: [Gap]) {
    let news = gaps.telling.filter { !told.contains($0) }
    told += news
    for gap in news { Notice.show("note: \(place.map { "\($0): " } ?? "")\(gap.message)") }
  }

  /// Counters as a table.
  private func writeTable(_ writer: inout ByteWriter) {
    if arguments.common.showsHeader {
      Self.line(["Counter", "Value", "Per s", "Meaning"], &writer)
    }
    for row in counters.rows {
      let rate = row.tenthsPerSecond.map { "\($0 / 10).\($0 % 10)" } ?? "-"
      Self.line([row.counter.name, String(row.value), rate, row.counter.meaning], &writer)
    }
  }

  private static func line(_ cells: [String], _ writer: inout ByteWriter) {
    writer.append(cells[0])
    writer.append(UInt8(ascii: " "), times: 21 - cells[0].utf8.count)
    for cell in cells[1...2] {
      writer.append(UInt8(ascii: " "), times: 11 - cell.utf8.count)
      writer.append(cell)
    }
    writer.append("  \(cells[3])\n")
  }
}

/// One sample as one line of JSON.
private struct WatchJSON {
  let scope: WatchScope

  func write(_ sample: ListenersSample, _ writer: inout ByteWriter) {
    document(sample.time, sample.gaps, &writer) { json, writer in
      age("counts_age_ms", sample.countAge, &json, &writer)
      age("owners_age_ms", sample.ownerAge, &json, &writer)
      json.key("listeners", &writer)
      json.open("[", &writer)
      let listener = ListenJSON(context: scope.facts, listsWaiting: false)
      for row in sample.rows { listener.append(row, &json, &writer) }
      json.close("]", &writer)
    }
  }

  func write(_ states: StateWatch, at moment: UInt64, _ writer: inout ByteWriter) {
    document(states.time, states.gaps, &writer) { json, writer in
      age("counts_age_ms", states.age(at: moment), &json, &writer)
      json.member("total", UInt(states.summary.total), &writer)
      json.key("summary", &writer)
      json.open("[", &writer)
      let object = JSONTable.object(of: ColumnSet.summary.all)
      for row in states.rows { object(row.line, UnknownContext(), &json, &writer) }
      json.close("]", &writer)
    }
  }

  func write(_ counters: CounterWatch, _ writer: inout ByteWriter) {
    document(scope.time, counters.gaps, &writer) { json, writer in
      json.key("counters", &writer)
      json.open("[", &writer)
      for row in counters.rows { append(row, &json, &writer) }
      json.close("]", &writer)
    }
  }

  private func append(
    _ row: CounterWatch.Row, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("group", plain: row.counter.group, &writer)
    json.member("name", plain: row.counter.name, &writer)
    json.member("value", row.value, &writer)
    if let rise = row.rise, let tenths = row.tenthsPerSecond {
      json.member("delta", rise, &writer)
      json.member("interval_ms", row.interval, &writer)
      json.key("per_s", &writer)
      json.tenths(tenths, &writer)
    }
    json.close("}", &writer)
  }

  /// What was sampled earlier than the rest; a figure of this sample has no age.
  private func age(
    _ name: StaticString, _ age: UInt64?, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard let age, age > 0 else { return }
    json.member(name, age, &writer)
  }

  private func document(
    _ time: UInt64, _ gaps: [Gap], _ writer: inout ByteWriter,
    _ body: (inout JSONWriter, inout ByteWriter) -> Void
  ) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONEnvelope.append(scope.head(time: time), &json, &writer)
    body(&json, &writer)
    JSONEnvelope.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }
}
