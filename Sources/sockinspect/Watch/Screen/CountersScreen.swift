import ProcNet

/// Counters about queues, drops and retransmissions on the screen.
struct CountersScreen {
  private let frame: WatchFrame

  init(_ frame: WatchFrame) { self.frame = frame }

  /// What the fields before the history take, blanks included.
  private static let fields = 43
  /// Room for the longest meaning comes before a longer history.
  private var historyWidth: Int { max(8, min(60, frame.style.width - Self.fields - 48)) }

  private var cellTime: UInt64 {
    Sparkline.cellTime(width: historyWidth, interval: frame.state.interval)
  }

  var parts: (heading: ScreenLine, body: [ScreenLine]) {
    var heading = frame.line()
    let span = AgeText.string(cellTime * UInt64(historyWidth))
    var history = frame.line()
    history.add("Last \(span)", field: max(historyWidth, 10))
    heading.addHeading(
      "  Counter                  Value    Per s  "
        + String(decoding: history.bytes, as: UTF8.self) + "  Meaning")
    return (heading, frame.counters.rows.map(line))
  }

  private func line(_ row: CounterWatch.Row) -> ScreenLine {
    let isRising = (row.rise ?? 0) > 0
    let isTrouble = isRising && row.counter.isLoss
    var line = frame.line()
    let tone: Palette.Tone = isTrouble ? .alarm : row.value == 0 ? .faint : .plain
    line.add(isTrouble ? "! " : "  ", .alarm)
    line.add(row.counter.name, tone, field: 20)
    line.add(String(row.value), tone, field: 10, isRight: true)
    line.add(rate(row), isRising ? tone : .faint, field: 9, isRight: true)
    line.space(2)
    let cells = Sparkline.cells(
      frame.counters.history[row.counter.name], width: historyWidth, cellTime: cellTime,
      now: frame.sample.moment, scale: .largest)
    line.add(cells)
    line.space(max(10 - historyWidth, 0) + 2)
    line.add(row.counter.meaning, .faint)
    return line
  }

  private func rate(_ row: CounterWatch.Row) -> String {
    guard let tenths = row.tenthsPerSecond else { return "-" }
    return "\(tenths / 10).\(tenths % 10)"
  }
}
