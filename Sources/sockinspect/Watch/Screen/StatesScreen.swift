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
    let span = AgeText.string(cellTime * UInt64(max(historyWidth, 1)))
    heading.addHeading(
      "Netid State         Total  Change    IPv4    IPv6  Last \(span)")
    return (heading, frame.states.rows.flatMap(lines))
  }

  private var cellTime: UInt64 {
    Sparkline.cellTime(width: historyWidth, interval: frame.state.interval)
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
      now: frame.sample.moment, scale: .largest)
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
