import ProcNet

/// The first line: the views there are, when it was looked, how often.
enum WatchTitle {
  static func line(_ scene: WatchFrame) -> ScreenLine {
    var line = scene.line()
    for view in WatchView.allCases {
      let isShown = view == scene.state.view
      // Brackets as well: bold alone is not seen on every terminal.
      let name = scene.style.width < 60 && !isShown ? "" : " \(view.title)"
      let text = "\(view.number)\(name)"
      if isShown { line.addHeading("[\(text)]") } else { line.add(" \(text) ", .faint) }
    }
    line.addAtRight(clock(scene))
    return line
  }

  private static func clock(_ scene: WatchFrame) -> String {
    let time = TimeText.iso8601(milliseconds: scene.look.time).dropFirst(11).prefix(8)
    let interval = WatchTitle.seconds(scene.state.interval)
    return "\(time)Z  every \(interval)"
  }

  /// `0.5s`, `1s`, `2m00s`.
  static func seconds(_ milliseconds: UInt64) -> String {
    if milliseconds % 1000 == 0, milliseconds < 60_000 { return "\(milliseconds / 1000)s" }
    return AgeText.string(milliseconds)
  }
}

/// The second line: whether all is well, and what bounds the view.
enum WatchSentence {
  static func line(_ scene: WatchFrame) -> ScreenLine {
    var line = scene.line()
    if scene.state.isPaused { line.addHeading("PAUSED  ") }
    switch scene.state.view {
    case .listeners:
      let rows = shown(scene)
      let verdict = ListenVerdict(rows)
      line.add(rows.isEmpty ? "nothing listens" : verdict.text, verdict.tone)
    case .states: line.add("\(scene.states.summary.total) sockets")
    case .counters: addCounters(scene, &line)
    }
    if !scene.state.filter.isEmpty, scene.state.view != .counters {
      line.add("  filter: \(SafeText.string(scene.state.filter))", .listener)
    }
    return line
  }

  /// Of the closer look the one, as it was seen there.
  private static func shown(_ scene: WatchFrame) -> [ListenRow] {
    guard let key = scene.state.detail else { return scene.rows }
    if let detail = scene.detail, detail.row.listener.key == key { return [detail.row] }
    return scene.rows.filter { $0.listener.key == key }
  }

  private static func addCounters(_ scene: WatchFrame, _ line: inout ScreenLine) {
    let rising = scene.counters.rows.filter { $0.counter.isLoss && ($0.rise ?? 0) > 0 }
    guard !rising.isEmpty else { return line.add("nothing is lost or refused", .good) }
    line.add("rising: \(rising.map(\.counter.name).joined(separator: ", "))", .alarm)
  }
}

/// The last line: what can be pressed, how fresh the figures are, the filter that is typed.
enum WatchKeys {
  static func line(_ scene: WatchFrame) -> ScreenLine {
    if let prompt = scene.state.prompt { return line(prompt, scene) }
    let fresh = freshness(scene)
    var line = scene.line()
    let room = fresh.isEmpty ? scene.style.width : scene.style.width - fresh.count - 2
    line.add(ScreenText.cut(hints(scene), to: room, isUnicode: scene.style.isUnicode), .faint)
    line.addAtRight(fresh, .attention)
    return line
  }

  /// What matters most comes first: the rest is cut where there is no room.
  private static func hints(_ scene: WatchFrame) -> String {
    let state = scene.state
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

  /// Nothing as long as all is of this look.
  private static func freshness(_ scene: WatchFrame) -> String {
    let age: UInt64? =
      switch (scene.state.view, scene.state.detail != nil) {
      case (.listeners, false): scene.look.countAge
      case (.listeners, true): detailAge(scene)
      case (.states, _): scene.states.age(at: scene.look.moment)
      case (.counters, _): nil
      }
    guard let age, age > 0 else { return gaps(scene) }
    let what = scene.state.view == .listeners && scene.state.detail == nil ? "connections" : "seen"
    return "\(what) \(AgeText.string(age)) ago"
  }

  private static func detailAge(_ scene: WatchFrame) -> UInt64? {
    guard let moment = scene.detail?.moment else { return nil }
    let age = scene.now - min(moment, scene.now)
    return age > scene.state.interval * 3 / 2 ? age : nil
  }

  private static func gaps(_ scene: WatchFrame) -> String {
    let count = scene.look.gaps.telling.count
    return count == 0 ? "" : "\(count) \(count == 1 ? "gap" : "gaps"), see ?"
  }

  private static func line(_ prompt: FilterPrompt, _ scene: WatchFrame) -> ScreenLine {
    var line = scene.line()
    let cursor = "_"
    let complaint = prompt.complaint.map { "  \($0)" } ?? ""
    // The end of a long filter is what is being typed.
    let room = max(scene.style.width - 2 - min(complaint.count, scene.style.width / 2), 1)
    line.addHeading("/")
    line.add(String(prompt.typed.suffix(room)) + cursor)
    if complaint.isEmpty { line.add("   Enter sets, Esc leaves", .faint) }
    line.add(complaint, .alarm)
    return line
  }
}
