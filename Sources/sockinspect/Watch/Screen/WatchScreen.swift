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
  /// The steady clock's time of the picture, in milliseconds.
  var now: UInt64 = 0
  let context: any SocketContext

  /// Title, sentence, heading above; selection and keys below.
  static let borders = 5
  /// Lines for the rows of a list.
  var page: Int { max(style.height - Self.borders, 1) }

  func line(isSelected: Bool = false) -> ScreenLine {
    ScreenLine(style, isSelected: isSelected)
  }

  func line(_ text: String, _ tone: Palette.Tone = .plain) -> ScreenLine {
    var line = line()
    line.add(text, tone)
    return line
  }
}

/// Puts the picture together: title, sentence, body, keys.
struct WatchScreen {
  private let frame: WatchFrame
  /// The lines that can be scrolled where the list of listeners is not shown.
  private(set) var body: [ScreenLine] = []
  private let heading: ScreenLine
  /// The list of listeners, when it is what is shown.
  private let list: ListenersScreen?

  init(_ frame: WatchFrame) {
    self.frame = frame
    list = Self.isList(frame.state) ? ListenersScreen(frame) : nil
    switch (frame.state.view, frame.state.showsHelp) {
    case (_, true):
      body = HelpScreen.lines(frame)
      heading = frame.line()
    case (.listeners, _):
      heading = list?.heading ?? frame.line()
      if list == nil { body = DetailScreen(frame).lines }
    case (.states, _):
      (heading, body) = StatesScreen(frame).parts
    case (.counters, _):
      (heading, body) = CountersScreen(frame).parts
    }
  }

  /// Whether the list of listeners is shown.
  private static func isList(_ state: WatchState) -> Bool {
    state.view == .listeners && state.detail == nil && !state.showsHelp
  }

  var lines: [ScreenLine] {
    if frame.style.isTooSmall { return [tooSmall] }
    var lines = [WatchTitle.line(frame), WatchSentence.line(frame), heading]
    lines += list?.rows ?? seen
    while lines.count < frame.style.height - 2 { lines.append(frame.line()) }
    lines.append(list?.selection ?? frame.line())
    lines.append(WatchKeys.line(frame))
    return lines
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
    line.addAtRight(clock(frame))
    return line
  }

  private static func clock(_ frame: WatchFrame) -> String {
    let time = TimeText.iso8601(milliseconds: frame.sample.time).dropFirst(11).prefix(8)
    let interval = seconds(frame.state.interval)
    return "\(time)Z  every \(interval)"
  }

  /// `0.5s`, `1s`, `2m00s`.
  private static func seconds(_ milliseconds: UInt64) -> String {
    if milliseconds % 1000 == 0, milliseconds < 60_000 { return "\(milliseconds / 1000)s" }
    return AgeText.string(milliseconds)
  }
}

/// The second line: whether all is well, and what bounds the view.
private enum WatchSentence {
  static func line(_ frame: WatchFrame) -> ScreenLine {
    var line = frame.line()
    if frame.state.isPaused { line.addHeading("PAUSED  ") }
    switch frame.state.view {
    case .listeners:
      let rows = shown(frame)
      let verdict = ListenVerdict(rows)
      line.add(rows.isEmpty ? "nothing listens" : verdict.text, verdict.tone)
    case .states: line.add("\(frame.states.summary.total) sockets")
    case .counters: addCounters(frame, &line)
    }
    if !frame.state.filter.isEmpty, frame.state.view != .counters {
      line.add("  filter: \(SafeText.string(frame.state.filter))", .listener)
    }
    return line
  }

  /// In the details the one listener, as it was seen there.
  private static func shown(_ frame: WatchFrame) -> [ListenRow] {
    guard let key = frame.state.detail else { return frame.rows }
    if let detail = frame.detail, detail.row.listener.key == key { return [detail.row] }
    return frame.rows.filter { $0.listener.key == key }
  }

  private static func addCounters(_ frame: WatchFrame, _ line: inout ScreenLine) {
    let rising = frame.counters.rows.filter { $0.counter.isLoss && ($0.rise ?? 0) > 0 }
    guard !rising.isEmpty else { return line.add("nothing is lost or refused", .good) }
    line.add("rising: \(rising.map(\.counter.name).joined(separator: ", "))", .alarm)
  }
}

/// The last line: what can be pressed, how fresh the figures are, the filter that is typed.
private enum WatchKeys {
  static func line(_ frame: WatchFrame) -> ScreenLine {
    if let prompt = frame.state.prompt { return line(prompt, frame) }
    let fresh = freshness(frame)
    var line = frame.line()
    let room = fresh.isEmpty ? frame.style.width : frame.style.width - fresh.count - 2
    line.add(ScreenText.cut(hints(frame), to: room, isUnicode: frame.style.isUnicode), .faint)
    line.addAtRight(fresh, .attention)
    return line
  }

  /// What matters most comes first: the rest is cut where there is no room.
  private static func hints(_ frame: WatchFrame) -> String {
    let state = frame.state
    if state.showsHelp { return "any key: back" }
    let common = "? help  q quit  "
    switch (state.view, state.detail != nil) {
    case (.listeners, true): return "Esc back  \(common)p pause"
    case (.listeners, false):
      let order = "s sort: \(state.order.name)\(state.isReversed ? " (reversed)" : "")"
      return "\(common)\(order)  Enter look  / filter  p pause"
    default: return "\(common)Tab next view  p pause"
    }
  }

  /// Nothing as long as all is of this sample.
  private static func freshness(_ frame: WatchFrame) -> String {
    let age: UInt64? =
      switch (frame.state.view, frame.state.detail != nil) {
      case (.listeners, false): frame.sample.countAge
      case (.listeners, true): detailAge(frame)
      case (.states, _): frame.states.age(at: frame.sample.moment)
      case (.counters, _): nil
      }
    guard let age, age > 0 else { return gaps(frame) }
    let what = frame.state.view == .listeners && frame.state.detail == nil ? "connections" : "seen"
    return "\(what) \(AgeText.string(age)) ago"
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

  private static func line(_ prompt: FilterPrompt, _ frame: WatchFrame) -> ScreenLine {
    var line = frame.line()
    let cursor = "_"
    let complaint = prompt.complaint.map { "  \($0)" } ?? ""
    // The end of a long filter is what is being typed.
    let room = max(frame.style.width - 2 - min(complaint.count, frame.style.width / 2), 1)
    line.addHeading("/")
    line.add(String(prompt.typed.suffix(room)) + cursor)
    if complaint.isEmpty { line.add("   Enter sets, Esc leaves", .faint) }
    line.add(complaint, .alarm)
    return line
  }
}

/// What can be pressed and what the marks mean; and what could not be read.
private enum HelpScreen {
  private static let words: [(keys: String, meaning: String)] = [
    ("Tab 1 2 3", "next view; listeners, states, counters"),
    ("up down j k", "select; PgUp PgDn Home End g G further"),
    ("Enter", "who waits at the listener, what its threads do"),
    ("Esc", "back"),
    ("/", "filter, as in sockinspect-filter(7); empty: all"),
    ("s  r", "next order; reverse it"),
    ("p", "pause: look no more until p"),
    ("+  -", "look less often, more often"),
    ("q Ctrl-C", "quit;  Ctrl-Z stop;  Ctrl-L draw anew"),
    ("!", "drops now; in a history: dropped then"),
    ("#  +", "the queue is full; nearly full"),
    ("?", "in a history: the limit is not known"),
  ]

  static func lines(_ frame: WatchFrame) -> [ScreenLine] {
    let keys = words.map { word in
      var line = frame.line()
      line.add(word.keys, .listener, field: 13)
      line.add(word.meaning)
      return line
    }
    let gaps = frame.sample.gaps.telling.flatMap { gap in
      wrapped("note: \(SafeText.string(gap.message))", frame)
    }
    return keys + gaps
  }

  private static func wrapped(_ text: String, _ frame: WatchFrame) -> [ScreenLine] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if !last.isEmpty,
        DisplayWidth.of(last) + 1 + DisplayWidth.of(String(word)) > frame.style.width
      {
        lines.append("  \(word)")
      } else {
        lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      }
    }
    return lines.map { frame.line($0, .attention) }
  }
}
