import Diagnosis
import ProcNet

/// A text that is read in place of the view: help, a diagnosis, what a counter means.
struct PageScreen {
  private let frame: WatchFrame

  init(_ frame: WatchFrame) { self.frame = frame }

  func parts(_ page: WatchPage) -> (heading: ScreenLine, body: [ScreenLine]) {
    var heading = frame.line()
    switch page {
    case .help: return (heading, help)
    case .counter(let name): return (heading, counter(name))
    case .diagnosis:
      guard let page = frame.diagnosis else { return (heading, []) }
      heading.addHeading("sockinspect diagnose \(page.words.joined(separator: " "))")
      return (heading, diagnosis(page.answer))
    }
  }

  private func diagnosis(_ answer: WatchDiagnosis?) -> [ScreenLine] {
    switch answer {
    case nil:
      let interval = Phrase.duration(DiagnoseArguments.usualInterval)
      let text = frame.state.steps == nil ? "Sampling, \(interval) …" : "Reading …"
      return [frame.line(TextStyle(isUnicode: frame.style.isUnicode).written(text))]
    case .failed(let reason)?:
      return ScreenText.wrapped(SafeText.string(reason), to: frame.style.width)
        .map { frame.line($0, .attention) }
    case .report(let report)?:
      let page = TextPage(
        width: frame.style.width, palette: frame.style.palette,
        style: TextStyle(isUnicode: frame.style.isUnicode))
      var writer = ByteWriter(capacity: 8192)
      DiagnosisText(page: page, showsAll: false, showsEvidence: false)
        .append(report, to: &writer)
      return lines(writer.text)
    }
  }

  /// What `explain` says of it, below its figures.
  private func counter(_ name: String) -> [ScreenLine] {
    guard let row = frame.counters.rows.first(where: { $0.counter.name == name }),
      let known = CounterDictionary.description(of: row.counter.group, name)
    else { return [frame.line("nothing is known of \(name)")] }
    let screen = TopicScreen(width: frame.style.width, palette: frame.style.palette)
    let rate = row.tenthsPerSecond.map { ", \($0 / 10).\($0 % 10) per second now" } ?? ""
    return lines(screen.text(Topic.counter(known)))
      + [frame.line(), frame.line("  It is \(row.value)\(rate).")]
  }

  /// Lines with our own colours in them. A command to copy, which is never broken elsewhere, goes
  /// on below where the screen is too narrow for it.
  private func lines(_ text: String) -> [ScreenLine] {
    var split = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if split.last == "" { split.removeLast() }
    return split.flatMap(fitted).map { text in
      var line = frame.line()
      line.add(styled: text)
      return line
    }
  }

  private func fitted(_ line: String) -> [String] {
    let margin = TextPage.margin
    guard !line.contains("\u{1b}"), DisplayWidth.of(line) > frame.style.width,
      frame.style.width > 2 * margin
    else { return [line] }
    let pieces = WrappedText.lines(
      String(line.dropFirst(margin)), width: frame.style.width - margin)
    let blanks = String(repeating: " ", count: margin)
    return pieces.enumerated().map { ($0 == 0 ? String(line.prefix(margin)) : blanks) + $1 }
  }

  // MARK: help

  private var keys: [(keys: String, meaning: String)] {
    [
      ("Tab 1 2 3", "next view; listeners, states, counters"),
      ("up down j k", "select; PgUp PgDn Home End g G further"),
      ("Enter", "closer look: waiting, clients, peers, threads; explain a counter"),
      ("Esc", "back"),
      ("d", "diagnose the selected listener"),
      ("/", "filter, as in sockinspect-filter(7); empty: all"),
      ("s  r  R", "next order; reverse it; fastest rise first"),
    ] + times + [
      ("q Ctrl-C", "quit;  Ctrl-Z stop;  Ctrl-L draw anew"),
      ("!", "drops now; in a history: dropped then"),
      ("#  +", "the queue is full; nearly full"),
      ("?", "in a history: the limit is not known"),
      ("Rise/s", "queue growth and drops per second, over the last 10 s"),
    ]
  }

  private var times: [(keys: String, meaning: String)] {
    frame.state.steps == nil
      ? [("p", "pause, and go on"), ("+  -", "sample less often, more often")]
      : [
        ("n  b", "next sample of the recording, previous one"), ("N  B", "last sample, first one"),
      ]
  }

  /// What can be pressed and what the marks mean; and what could not be read.
  private var help: [ScreenLine] {
    let margin = 13
    let lines = keys.flatMap { word in
      WrappedText.lines(word.meaning, width: max(frame.style.width - margin, 10)).enumerated()
        .map { number, text in
          var line = frame.line()
          line.add(number == 0 ? word.keys : "", .listener, field: margin)
          line.add(text)
          return line
        }
    }
    return lines + frame.notes(frame.sample.gaps)
  }
}

/// The filter that is typed, at the bottom of the screen; with what is wrong with it, and where.
struct FilterLines {
  private let prompt: FilterPrompt
  private let frame: WatchFrame
  /// Beside the slash and the cursor.
  private let room: Int
  /// The first character that is seen of a long filter.
  private let start: Int

  init(_ prompt: FilterPrompt, _ frame: WatchFrame) {
    (self.prompt, self.frame) = (prompt, frame)
    let room = max(frame.style.width - 2, 1)
    // The end is what is being typed; a mistake is in the middle of what is seen.
    let last = max(0, prompt.text.count - room)
    start = prompt.complaint.map { max(0, min($0.position - room / 2, last)) } ?? last
    self.room = room
  }

  var lines: [ScreenLine] {
    guard let complaint = prompt.complaint else { return [typed] }
    let message = ScreenText.wrapped(complaint.message, to: frame.style.width).prefix(2)
      .map { frame.line($0, .alarm) }
    // Where something could not be looked up, nothing is wrong with the words.
    return message + [typed] + (complaint.cause == nil ? [mark(complaint)] : [])
  }

  private func text(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: prompt.text[range.clamped(to: 0..<prompt.text.count)])
    return String(view)
  }

  private var typed: ScreenLine {
    var line = frame.line()
    line.addHeading("/")
    line.add("\(text(start..<start + room))_")
    if prompt.complaint == nil { line.addCut("   Enter sets, Esc leaves", .faint) }
    return line
  }

  private func mark(_ complaint: FilterError) -> ScreenLine {
    var line = frame.line()
    line.space(1 + DisplayWidth.of(text(start..<max(start, complaint.position))))
    line.add("^" + String(repeating: "~", count: min(complaint.length, room) - 1), .alarm)
    return line
  }
}
