import Diagnosis
import ProcNet

/// Everything that a picture is made of.
struct WatchFrame {
  var style: ScreenStyle
  var state: WatchState
  var sample = ListenersSample()
  /// The rows of the sample in the order in which they are shown.
  var rows: [ListenRow] = []
  var history = HistoryStore<ListenerKey>()
  var detail: ListenerDetails?
  var states = StateWatch()
  var counters = CounterWatch()
  /// The diagnosis that was asked for last.
  var diagnosis: DiagnosisPage?
  /// The steady clock's time of the picture, in milliseconds.
  var now: UInt64 = 0
  var context: any SocketContext

  /// A diagnosis of a listener.
  struct DiagnosisPage {
    /// The target as `diagnose` takes it.
    let words: [String]
    /// nil while it samples.
    var answer: WatchDiagnosis?
  }

  /// How list and closer look share the screen.
  enum Split: Equatable {
    /// The list above, with this number of rows.
    case stacked(rows: Int)
    /// The list at the left, as wide as this.
    case beside(columns: Int)
  }

  /// Title, sentence, heading above; selection and keys below.
  static let borders = 5
  /// From these sizes on there is room for both.
  private static let stackedHeight = 34
  private static let besideWidth = 120

  /// nil where only one of the two is shown.
  var split: Split? { state.openPage == nil ? room : nil }

  /// The room that there is for both when nothing else is read.
  private var room: Split? {
    guard state.view == .listeners, state.detail == nil, !rows.isEmpty, !style.isTooSmall else {
      return nil
    }
    if style.height >= Self.stackedHeight {
      return .stacked(rows: min(rows.count, (style.height - Self.borders) / 2))
    }
    guard style.width >= Self.besideWidth else { return nil }
    return .beside(columns: max(58, style.width * 9 / 20))
  }

  /// Lines for the rows of a list.
  var page: Int {
    if case .stacked(let rows)? = split { return rows }
    return max(style.height - Self.borders, 1)
  }

  /// The listener of the closer look: the one that was opened, or the selected one where there is
  /// room for both.
  var closerLook: ListenerKey? {
    guard state.view == .listeners else { return nil }
    return state.detail ?? (room == nil ? nil : state.selected)
  }

  /// Milliseconds of one cell of a history: all cells together hold two minutes, or a recording that
  /// is shorter.
  func cellTime(width: Int) -> UInt64 {
    let whole = state.steps.map { state.interval *| UInt64($0.count) } ?? .max
    return Sparkline.cellTime(width: width, interval: state.interval, span: min(whole, 120_000))
  }

  func line(isSelected: Bool = false) -> ScreenLine {
    ScreenLine(style, isSelected: isSelected)
  }

  func line(_ text: String, _ tone: Palette.Tone = .plain) -> ScreenLine {
    var line = line()
    line.add(text, tone)
    return line
  }

  /// What could not be read; all that is missing for one reason is one note.
  func notes(_ gaps: [Gap]) -> [ScreenLine] {
    let notes = gaps.telling.reduce(into: [Gap]()) { notes, gap in
      let isSame = { (note: Gap) in (note.reason, note.remedy) == (gap.reason, gap.remedy) }
      if let place = notes.firstIndex(where: isSame) {
        notes[place].missing += ", \(gap.missing)"
      } else {
        notes.append(gap)
      }
    }
    return notes.flatMap { note in
      ScreenText.wrapped("note: \(SafeText.string(note.message))", to: style.width)
        .map { line($0, .attention) }
    }
  }

  /// The same for a part of the screen.
  fileprivate func narrowed(to width: Int) -> WatchFrame {
    var frame = self
    frame.style.width = width
    return frame
  }
}

/// Puts the picture together: title, sentence, body, keys.
struct WatchScreen {
  private let frame: WatchFrame
  /// The lines that can be scrolled where the list of listeners is not shown.
  private(set) var body: [ScreenLine] = []
  private var heading: ScreenLine
  /// The list of listeners, when it is what is shown.
  private var list: ListenersScreen?
  /// What is said below the body.
  private var selection: ScreenLine

  init(_ frame: WatchFrame) {
    self.frame = frame
    heading = frame.line()
    selection = frame.line()
    if let page = frame.state.openPage {
      (heading, body) = PageScreen(frame).parts(page)
      return
    }
    switch frame.state.view {
    case .listeners where frame.state.detail != nil:
      body = DetailScreen(frame, of: frame.state.detail).lines
    case .listeners: showList()
    case .states: (heading, body) = StatesScreen(frame).parts
    case .counters:
      let counters = CountersScreen(frame)
      (heading, body) = counters.parts
      selection = counters.selection
    }
  }

  private mutating func showList() {
    var list = ListenersScreen(frame)
    selection = list.selection
    if case .beside(let columns)? = frame.split {
      list = ListenersScreen(frame.narrowed(to: columns), isBesideDetails: true)
    }
    heading = list.heading
    self.list = list
  }

  var lines: [ScreenLine] {
    if frame.style.isTooSmall { return [tooSmall] }
    var lines = [WatchTitle.line(frame), WatchSentence.line(frame)] + middle
    lines.append(WatchKeys.line(frame))
    guard let prompt = frame.state.prompt else { return lines }
    let typed = FilterLines(prompt, frame).lines
    return lines.dropLast(min(typed.count, lines.count - 2)) + typed
  }

  /// Everything between the sentence and the keys.
  private var middle: [ScreenLine] {
    let height = frame.style.height - 3
    switch frame.split {
    case .beside(let columns)?: return beside(columns, height)
    case .stacked?:
      let above = [heading] + (list?.rows ?? []) + [ruler]
      return above + closerLook(frame, height - above.count)
    case nil:
      return filled([heading] + (list?.rows ?? seen), height - 1) + [selection]
    }
  }

  private func beside(_ columns: Int, _ height: Int) -> [ScreenLine] {
    let left = filled([heading] + (list?.rows ?? []), height - 1)
    let right = closerLook(frame.narrowed(to: frame.style.width - columns - 3), height - 1)
    let lines = zip(left, right).map { left, right in
      var line = frame.line()
      line.add(left)
      line.space(columns + 1 - line.width)
      line.add("│ ", .faint)
      line.add(right)
      return line
    }
    return lines + [selection]
  }

  private var ruler: ScreenLine {
    frame.line(String(repeating: "─", count: frame.style.width), .faint)
  }

  /// As much of it as there is room for.
  private func closerLook(_ frame: WatchFrame, _ height: Int) -> [ScreenLine] {
    let all = DetailScreen(frame, of: self.frame.closerLook).lines
    guard all.count > height, height > 0 else { return filled(all, height) }
    let left = all.count - height + 1
    return all.prefix(height - 1) + [frame.line("\(left) more lines: Enter", .faint)]
  }

  private func filled(_ lines: [ScreenLine], _ count: Int) -> [ScreenLine] {
    let missing = max(count - lines.count, 0)
    return lines.prefix(max(count, 0)) + [ScreenLine](repeating: frame.line(), count: missing)
  }

  private var seen: [ScreenLine] {
    let range = frame.state.bodyScroll.range(count: body.count, page: frame.page)
    return Array(body[range])
  }

  private var tooSmall: ScreenLine {
    frame.line(
      "too small: \(ScreenStyle.leastWidth)x\(ScreenStyle.leastHeight) needed, q quits")
  }
}

/// The first line: the views there are, when the sample was taken, how often.
private enum WatchTitle {
  static func line(_ frame: WatchFrame) -> ScreenLine {
    var line = frame.line()
    for view in WatchView.allCases {
      let isShown = view == frame.state.view
      // Brackets as well: bold alone is not seen on every terminal.
      let name = frame.style.width < 60 && !isShown ? "" : " \(view.title)"
      let text = "\(view.number)\(name)"
      if isShown { line.addHeading("[\(text)]") } else { line.add(" \(text) ", .faint) }
    }
    let room = frame.style.width - line.width - 1
    line.addAtRight(clocks(frame).first { $0.count <= room } ?? "")
    return line
  }

  /// The longest first.
  private static func clocks(_ frame: WatchFrame) -> [String] {
    let stamp = TimeText.iso8601(milliseconds: frame.sample.time)
    let (day, time) = (stamp.prefix(10), "\(stamp.dropFirst(11).prefix(8))Z")
    guard let steps = frame.state.steps else {
      return ["\(time)  every \(Phrase.duration(frame.state.interval))", time]
    }
    let place = "sample \(steps.current + 1) of \(steps.count)"
    return [
      "\(place), \(time) on \(day)", "\(place), \(time)", place,
      "\(steps.current + 1)/\(steps.count)",
    ]
  }
}

/// The second line: the filter, whether all is well, and what bounds the view.
private enum WatchSentence {
  static func line(_ frame: WatchFrame) -> ScreenLine {
    var line = frame.line()
    if frame.state.isPaused { line.addHeading("PAUSED  ") }
    addFilter(frame, &line)
    switch frame.state.view {
    case .listeners: addListeners(frame, &line)
    case .states:
      let isWhole = !frame.states.gaps.contains(where: \.isWholeTable)
      let count = "\(frame.states.summary.total) sockets"
      line.add(
        sentence: isWhole ? count : "\(count) seen; some could not be read",
        isWhole ? .plain : .attention)
    case .counters: addCounters(frame, &line)
    }
    return line
  }

  /// First, so that it is seen on every screen; a long one is cut.
  private static func addFilter(_ frame: WatchFrame, _ line: inout ScreenLine) {
    guard !frame.state.filter.isEmpty else { return }
    let text = ScreenText.cut(
      SafeText.string(frame.state.filter), to: max(frame.style.width / 2 - 10, 10),
      isUnicode: frame.style.isUnicode)
    let isIgnored = frame.state.view == .counters
    line.add("filter: \(text)\(isIgnored ? " (not for counters)" : "")  ", .listener)
  }

  private static func addListeners(_ frame: WatchFrame, _ line: inout ScreenLine) {
    let rows = shown(frame)
    if !rows.isEmpty {
      let verdict = ListenVerdict(rows)
      line.add(sentence: verdict.text, verdict.tone)
    } else if let gap = frame.sample.gaps.first(where: \.isWholeTable) {
      // Nothing that was read is not nothing that listens.
      line.add(sentence: "no listeners seen; \(SafeText.string(gap.message))", .attention)
    } else if frame.sample.total > 0 {
      let noun = frame.sample.total == 1 ? "listener" : "listeners"
      line.add(sentence: "filter matches none of \(frame.sample.total) \(noun)", .attention)
    } else {
      line.add(sentence: "nothing listens")
    }
  }

  /// In the details the one listener, as it was seen there.
  private static func shown(_ frame: WatchFrame) -> [ListenRow] {
    guard let key = frame.state.detail else { return frame.rows }
    if let detail = frame.detail, detail.row.listener.key == key { return [detail.row] }
    return frame.rows.filter { $0.listener.key == key }
  }

  private static func addCounters(_ frame: WatchFrame, _ line: inout ScreenLine) {
    let rising = frame.counters.rows.filter { $0.counter.isLoss && ($0.rise ?? 0) > 0 }
    if !rising.isEmpty {
      line.add(sentence: "rising: \(rising.map(\.counter.name).joined(separator: ", "))", .alarm)
    } else if frame.counters.rows.contains(where: { $0.rise != nil }) {
      line.add(sentence: "nothing is lost or refused", .good)
    } else {
      line.add(sentence: "one sample says nothing yet of what is lost or refused")
    }
  }
}

/// The last line: what can be pressed, how fresh the figures are.
private enum WatchKeys {
  static func line(_ frame: WatchFrame) -> ScreenLine {
    let fresh = freshness(frame)
    var line = frame.line()
    let room = fresh.isEmpty ? frame.style.width : frame.style.width - fresh.count - 2
    line.add(joined(hints(frame), room), .faint)
    line.addAtRight(fresh, .attention)
    return line
  }

  /// As many as there is room for.
  private static func joined(_ hints: [String], _ room: Int) -> String {
    hints.reduce("") { line, hint in
      let longer = line.isEmpty ? hint : "\(line)  \(hint)"
      return longer.count > room ? line : longer
    }
  }

  /// What matters most comes first.
  private static func hints(_ frame: WatchFrame) -> [String] {
    let state = frame.state
    switch state.openPage {
    case .help?: return ["any key: back"]
    case .diagnosis?, .counter?: return ["Esc back", "up down PgUp PgDn scroll"]
    case nil: break
    }
    let time = state.steps == nil ? "p pause" : "n b sample"
    switch (state.view, state.detail != nil) {
    case (.listeners, true): return ["Esc back", "? help", "q quit", "d diagnose", time]
    case (.listeners, false):
      let order = "s sort: \(state.order.name)\(state.isReversed ? " (reversed)" : "")"
      let common = ["? help", "q quit", "Enter look", "d diagnose", "/ filter"]
      return common + (state.steps == nil ? [order, time] : [time, order])
    case (.states, _): return ["? help", "q quit", "Tab next view", time]
    case (.counters, _): return ["? help", "q quit", "Tab next view", "Enter explain", time]
    }
  }

  /// Nothing as long as all is of this sample.
  private static func freshness(_ frame: WatchFrame) -> String {
    if frame.state.openPage != nil { return place(frame) }
    let age: UInt64? =
      switch (frame.state.view, frame.state.detail != nil) {
      case (.listeners, false): frame.sample.countAge
      case (.listeners, true): detailAge(frame)
      case (.states, _): frame.states.age(at: frame.sample.moment)
      case (.counters, _): nil
      }
    guard frame.state.steps == nil, let age, age > 0 else { return gaps(frame) }
    let what = frame.state.view == .listeners && frame.state.detail == nil ? "connections" : "seen"
    return "\(what) \(Phrase.duration(age)) ago"
  }

  /// Which lines of a long page are seen.
  private static func place(_ frame: WatchFrame) -> String {
    let count = frame.state.bodyCount
    let range = frame.state.bodyScroll.range(count: count, page: frame.page)
    guard range.count < count else { return "" }
    return "lines \(range.lowerBound + 1)-\(range.upperBound) of \(count)"
  }

  private static func detailAge(_ frame: WatchFrame) -> UInt64? {
    guard let moment = frame.detail?.moment else { return nil }
    let age = frame.now - min(moment, frame.now)
    return age > frame.state.interval * 3 / 2 ? age : nil
  }

  private static func gaps(_ frame: WatchFrame) -> String {
    let count = frame.sample.gaps.telling.count
    return count == 0 ? "" : "\(count) \(count == 1 ? "gap" : "gaps"), see ?"
  }
}
