import ProcNet

/// `watch` without a screen: a block of text or a line of JSON for each look.
struct WatchLines {
  private let arguments: WatchArguments
  private let place: WatchScope
  private let plan: ListenPlan
  private let interval: UInt64
  private var listeners = ListenerWatch()
  private var states = StateWatch()
  private var counters = CounterWatch()
  private var told: [Gap] = []

  init(_ arguments: WatchArguments, _ place: WatchScope) throws(UsageError) {
    self.arguments = arguments
    self.place = place
    interval = arguments.interval ?? WatchArguments.usualInterval
    var listen = arguments.listen
    if listen.common.recording == nil { listen.interval = interval }
    let isForPeople =
      OutputFile.standardOutput.isTerminal || arguments.common.colour == .always
    plan = try ListenPlan(
      listen, isTerminal: isForPeople, showsNamespace: place.places.count > 1)
  }

  mutating func run() throws(KernelError) -> ExitStatus {
    let count = place.session.recording == nil ? arguments.count ?? .max : 1
    var output = Output()
    var clock = WatchClock(interval: interval)
    for number in 1...count {
      try write(at: clock.moment, &output.writer)
      try output.flush()
      if number == count { break }
      clock.advance()
      guard OutputFile.standardOutput.pause(milliseconds: clock.wait) else { break }
    }
    return !told.isEmpty && arguments.common.isStrict ? .incomplete : .done
  }

  private mutating func write(
    at moment: UInt64, _ writer: inout ByteWriter
  ) throws(KernelError) {
    let isJSON = arguments.common.format != .table
    switch arguments.view {
    case .listeners:
      var look = try listeners.look(place, at: moment, counts: true)
      look.rows = rows(look)
      tell(look.gaps)
      if isJSON { return WatchJSON(place: place).write(look, &writer) }
      heading(look.time, age: look.countAge, &writer)
      let head = place.head(time: look.time)
      ListenReport(plan: plan, head: head, context: place.facts)
        .write(look.rows, look.gaps, &writer)
    case .states:
      _ = try states.look(place, at: moment)
      tell(states.gaps)
      if isJSON { return WatchJSON(place: place).write(states, at: moment, &writer) }
      heading(states.time, age: states.age(at: moment), &writer)
      states.summary.write(
        .table, place.head(time: states.time), states.gaps,
        showsHeader: arguments.common.showsHeader, to: &writer)
    case .counters:
      counters.look(in: place.places, through: place.kernel, at: moment)
      tell(counters.gaps)
      if isJSON { return WatchJSON(place: place).write(counters, &writer) }
      heading(CurrentProcess.now, age: nil, &writer)
      CounterLinesText.write(counters, showsHeader: arguments.common.showsHeader, &writer)
    }
    writer.append(UInt8(ascii: "\n"))
  }

  private func rows(_ look: ListenersSample) -> [ListenRow] {
    let order = plan.sort.map {
      WatchOrder(column: $0.column, isDescending: $0.isDescending)
    }
    let sorted = (order ?? .trouble).sorted(look.rows, isReversed: false, place.facts)
    return Array(sorted.prefix(arguments.common.limit ?? .max))
  }

  /// When it was looked; what is older says so.
  private func heading(_ time: UInt64, age: UInt64?, _ writer: inout ByteWriter) {
    let shown = place.head(time: time).time
    writer.append(TimeText.iso8601(milliseconds: shown))
    if let age, age > 0 { writer.append("  connections as of \(AgeText.string(age)) before") }
    writer.append(UInt8(ascii: "\n"))
  }

  /// Each gap once, not at every look.
  private mutating func tell(_ gaps: [Gap]) {
    let news = gaps.filter { !told.contains($0) }
    told += news
    Notice.show(news)
  }
}

/// Counters as a table for pipes.
enum CounterLinesText {
  static func write(_ counters: CounterWatch, showsHeader: Bool, _ writer: inout ByteWriter) {
    if showsHeader { line(["Counter", "Value", "Per s", "Meaning"], &writer) }
    for row in counters.rows {
      let rate = row.tenthsPerSecond.map { "\($0 / 10).\($0 % 10)" } ?? "-"
      line([row.counter.name, String(row.value), rate, row.counter.meaning], &writer)
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
