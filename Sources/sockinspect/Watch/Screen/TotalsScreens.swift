import Diagnosis
import ProcNet

/// Connections by kind and state on the screen.
struct StatesScreen {
  private let frame: WatchFrame

  init(_ frame: WatchFrame) { self.frame = frame }

  /// What the fields before the history take, blanks included.
  private static let fields = 54
  private var historyWidth: Int { max(0, min(60, frame.style.width - Self.fields)) }

  var parts: (heading: ScreenLine, body: [ScreenLine]) {
    var heading = frame.line()
    let span = Phrase.duration(cellTime * UInt64(max(historyWidth, 1)))
    heading.addHeading(
      "Netid State         Total  Change    IPv4    IPv6  Last \(span)")
    let rows = frame.states.rows.flatMap(lines)
    return (heading, rows + frame.notes(frame.states.gaps))
  }

  private var cellTime: UInt64 {
    frame.cellTime(width: historyWidth)
  }

  private func lines(_ row: StateWatch.Row) -> [ScreenLine] {
    let line = row.line
    var shown = frame.line()
    shown.add(line.netid.name, field: 6)
    shown.add(line.state.name, tone(line), field: 12)
    shown.add(String(line.total), field: 7, isRight: true)
    shown.add(Self.change(row.change), .faint, field: 8, isRight: true)
    let isInternet = line.netid.isInternet
    shown.add(isInternet ? String(line.inet) : "-", field: 8, isRight: true)
    shown.add(isInternet ? String(line.inet6) : "-", field: 8, isRight: true)
    shown.space(2)
    let name = StateWatch.Name(netid: line.netid, state: line.state)
    let cells = Sparkline.cells(
      frame.states.history[name], width: historyWidth, cellTime: cellTime,
      now: frame.state.steps == nil ? frame.now : frame.sample.moment, scale: .largest)
    shown.add(cells)
    return [shown] + notes(line)
  }

  private func notes(_ line: Summary.Line) -> [ScreenLine] {
    var notes: [ScreenLine] = []
    if line.queued > 0 {
      notes.append(
        frame.line("      \(line.queued) of them wait in accept queues", .attention))
    }
    if line.orphans > 0 {
      notes.append(frame.line("      \(line.orphans) of them have no program any more", .faint))
    }
    return notes
  }

  private func tone(_ line: Summary.Line) -> Palette.Tone {
    switch line.state {
    case .established: .good
    case .listen: .listener
    case .closeWait, .synReceived, .synSent: .attention
    default: .plain
    }
  }

  private static func change(_ change: Int?) -> String {
    guard let change else { return "-" }
    return change > 0 ? "+\(change)" : String(change)
  }
}

/// Counters about queues, drops and retransmissions on the screen; one is selected.
struct CountersScreen {
  private let frame: WatchFrame

  init(_ frame: WatchFrame) { self.frame = frame }

  /// What the fields before the history take, blanks included.
  private static let fields = 43
  /// Room for the longest meaning comes before a longer history.
  private var historyWidth: Int { max(8, min(60, frame.style.width - Self.fields - 48)) }

  private var cellTime: UInt64 {
    frame.cellTime(width: historyWidth)
  }

  var parts: (heading: ScreenLine, body: [ScreenLine]) {
    var heading = frame.line()
    let span = Phrase.duration(cellTime * UInt64(historyWidth))
    var history = frame.line()
    history.add("Last \(span)", field: max(historyWidth, 10))
    heading.addHeading(
      "  Counter                  Value    Per s  "
        + String(decoding: history.bytes, as: UTF8.self) + "  Meaning")
    let lines = frame.counters.rows.enumerated().map { line($0.element, $0.offset) }
    return (heading, lines + frame.notes(frame.counters.gaps))
  }

  /// The selected counter's meaning, for which its row may have no room.
  var selection: ScreenLine {
    var line = frame.line()
    guard let place = frame.state.counterSelection, place < frame.counters.rows.count else {
      return line
    }
    let counter = frame.counters.rows[place].counter
    line.add(sentence: "\(counter.name): \(counter.meaning)")
    return line
  }

  private func line(_ row: CounterWatch.Row, _ number: Int) -> ScreenLine {
    let isRising = (row.rise ?? 0) > 0
    let isTrouble = isRising && row.counter.isLoss
    let isSelected = number == frame.state.counterSelection
    var line = frame.line(isSelected: isSelected)
    let tone: Palette.Tone = isTrouble ? .alarm : row.value == 0 ? .faint : .plain
    line.add((isSelected ? ">" : " ") + (isTrouble ? "!" : " "), .alarm)
    line.add(row.counter.name, tone, field: 20)
    line.add(String(row.value), tone, field: 10, isRight: true)
    line.add(rate(row), isRising ? tone : .faint, field: 9, isRight: true)
    line.space(2)
    let cells = Sparkline.cells(
      frame.counters.history[row.counter.name], width: historyWidth, cellTime: cellTime,
      now: frame.sample.moment, scale: .largest)
    line.add(cells)
    line.space(max(10 - historyWidth, 0) + 2)
    line.add(sentence: row.counter.meaning, .faint)
    return line
  }

  private func rate(_ row: CounterWatch.Row) -> String {
    guard let tenths = row.tenthsPerSecond else { return "-" }
    return "\(tenths / 10).\(tenths % 10)"
  }
}
