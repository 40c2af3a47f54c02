import ProcNet

/// Everything that a picture is made of.
struct WatchFrame {
  var style: ScreenStyle
  var state: WatchState
  var look = ListenersSample()
  /// The rows of the look in the order in which they are shown.
  var rows: [ListenRow] = []
  var history = HistoryStore<ListenerKey>()
  var detail: ListenerDetails?
  var states = StateWatch()
  var counters = CounterWatch()
  /// The steady clock's time of the picture, in milliseconds.
  var now: UInt64 = 0
  let surroundings: any SocketContext

  /// Title, sentence, heading above; selection and keys below.
  static let frame = 5
  /// Lines for the rows of a list.
  var page: Int { max(style.height - Self.frame, 1) }

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
  private let scene: WatchFrame
  /// The lines that can be scrolled where the list of listeners is not shown.
  private(set) var body: [ScreenLine] = []
  private let heading: ScreenLine
  /// The list of listeners, when it is what is shown.
  private let list: ListenersScreen?

  init(_ scene: WatchFrame) {
    self.scene = scene
    list = Self.isList(scene.state) ? ListenersScreen(scene) : nil
    switch (scene.state.view, scene.state.showsHelp) {
    case (_, true):
      body = HelpScreen.lines(scene)
      heading = scene.line()
    case (.listeners, _):
      heading = list?.heading ?? scene.line()
      if list == nil { body = DetailScreen(scene).lines }
    case (.states, _):
      (heading, body) = StatesScreen(scene).parts
    case (.counters, _):
      (heading, body) = CountersScreen(scene).parts
    }
  }

  /// Whether the list of listeners is shown.
  private static func isList(_ state: WatchState) -> Bool {
    state.view == .listeners && state.detail == nil && !state.showsHelp
  }

  var lines: [ScreenLine] {
    if scene.style.isTooSmall { return [tooSmall] }
    var lines = [WatchTitle.line(scene), WatchSentence.line(scene), heading]
    lines += list?.rows ?? seen
    while lines.count < scene.style.height - 2 { lines.append(scene.line()) }
    lines.append(list?.selection ?? scene.line())
    lines.append(WatchKeys.line(scene))
    return lines
  }

  private var seen: [ScreenLine] {
    let range = scene.state.bodyScroll.range(count: body.count, page: scene.page)
    return Array(body[range])
  }

  private var tooSmall: ScreenLine {
    scene.line(
      "too small: \(ScreenStyle.leastWidth)x\(ScreenStyle.leastHeight) needed, q quits")
  }
}
