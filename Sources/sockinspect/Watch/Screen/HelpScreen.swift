import ProcNet

/// What can be pressed and what the marks mean; and what could not be read.
enum HelpScreen {
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
