import ProcNet

/// What the person at the keyboard has chosen: view, order, selection, filter under way.
///
/// A plain value: keys go in, what has to be done comes out.
struct WatchState {
  /// What a key asks for beyond another picture.
  enum Action: Equatable {
    case nothing
    case quit
    /// What only this view shows is to be sampled at once.
    case sample
    /// Diagnose this listener.
    case diagnose(ListenerKey)
    /// Show another sample of the recording.
    case step
    /// Sample everything at once, and go on.
    case resume
    case filter(String)
    case redraw
  }

  var view = WatchView.listeners
  private let orders: [WatchOrder]
  private var orderNumber = 0
  var order: WatchOrder { orders[orderNumber] }
  private(set) var isReversed = false
  private(set) var isPaused = false
  /// Where one is in a recording; nil on a live host.
  var steps: RecordingSteps?
  /// What is read in place of the view.
  private(set) var openPage: WatchPage?
  var showsHelp: Bool { openPage == .help }
  /// Milliseconds between two samples.
  private(set) var interval: UInt64
  /// The filter that holds, as it would be typed.
  var filter: String
  private(set) var prompt: FilterPrompt?
  /// The listener whose details are shown.
  private(set) var detail: ListenerKey?

  /// The listeners in the order in which they are shown.
  private(set) var rows: [ListenerKey] = []
  /// nil as long as the selection has not moved: the first, whichever that is.
  private var chosen: ListenerKey?
  private var chosenPlace = 0
  var listScroll = Scroll()
  var bodyScroll = Scroll()
  /// The counters in the order in which they are shown, and which of them is selected.
  var counters: [String] = []
  private var counterPlace = 0
  /// Lines of what is not the list of listeners, and lines of the screen for it: told by who draws.
  var bodyCount = 0
  var page = 10

  init(_ orders: [WatchOrder], interval: UInt64, filter: String) {
    self.orders = orders.isEmpty ? [.trouble] : orders
    self.interval = interval
    self.filter = filter
  }

  /// The place of the selected listener among the rows; nil when there are none.
  var selection: Int? {
    guard !rows.isEmpty else { return nil }
    if let chosen, let place = rows.firstIndex(of: chosen) { return place }
    return min(chosenPlace, rows.count - 1)
  }

  var selected: ListenerKey? { selection.map { rows[$0] } }

  /// The place of the selected counter; nil when there are none.
  var counterSelection: Int? { counters.isEmpty ? nil : min(counterPlace, counters.count - 1) }

  /// Other listeners, or another order. The selection stays with its listener.
  mutating func show(_ rows: [ListenerKey]) {
    if chosen != nil, let place = selection { chosenPlace = place }
    self.rows = rows
    if let chosen, !rows.contains(chosen) { self.chosen = rows.isEmpty ? nil : selected }
    if let detail, !rows.contains(detail) { self.detail = nil }
    keepInSight()
  }

  mutating func keepInSight() {
    listScroll.show(selection ?? 0, count: rows.count, page: page)
    bodyScroll.move(by: 0, count: bodyCount, page: page)
    guard view == .counters, openPage == nil, let place = counterSelection else { return }
    bodyScroll.show(place, count: bodyCount, page: page)
  }

  mutating func press(_ key: Key) -> Action {
    if prompt != nil { return edit(key) }
    if showsHelp { return leaveHelp(key) }
    if openPage != nil { return read(key) }
    if let action = pressCommand(key) { return action }
    return move(key)
  }

  /// Any key leads back, except those that scroll where there is more than the screen holds.
  private mutating func leaveHelp(_ key: Key) -> Action {
    if bodyCount > page, let step = Scroll.step(key, count: bodyCount, page: page) {
      bodyScroll.move(by: step, count: bodyCount, page: page)
      return .nothing
    }
    show(page: nil)
    return key == .character("q") || key == .control("c") ? .quit : .nothing
  }

  /// A diagnosis or an explanation: Escape and q lead back, other keys scroll.
  private mutating func read(_ key: Key) -> Action {
    switch key {
    case .escape, .backspace, .left, .character("q"): show(page: nil)
    case .control("c"): return .quit
    case .control("l"): return .redraw
    default:
      if let step = Scroll.step(key, count: bodyCount, page: page) {
        bodyScroll.move(by: step, count: bodyCount, page: page)
      }
    }
    return .nothing
  }

  /// Opens a page in place of the view, or leads back to the view.
  mutating func show(page: WatchPage?) {
    openPage = page
    bodyScroll = Scroll()
  }

  private mutating func edit(_ key: Key) -> Action {
    switch prompt?.press(key) {
    case .entered(let text): return .filter(text)
    case .cancelled: prompt = nil
    case .edited, nil: break
    }
    return .nothing
  }

  /// The filter that was entered holds.
  mutating func accept(filter text: String) {
    prompt = nil
    filter = text
    detail = nil
    bodyScroll = Scroll()
  }

  /// It cannot be read; the prompt stays open.
  mutating func refuse(_ complaint: FilterError) { prompt?.complaint = complaint }

  private mutating func move(_ key: Key) -> Action {
    if view == .listeners, detail == nil { return select(key) }
    if view == .counters, let place = counterSelection {
      guard let step = Scroll.step(key, count: counters.count, page: page) else { return .nothing }
      counterPlace = max(0, min(place + step, counters.count - 1))
      keepInSight()
    } else if let step = Scroll.step(key, count: bodyCount, page: page) {
      bodyScroll.move(by: step, count: bodyCount, page: page)
    }
    return .nothing
  }

  private mutating func select(_ key: Key) -> Action {
    guard let step = Scroll.step(key, count: rows.count, page: page), let place = selection else {
      return .nothing
    }
    chosenPlace = max(0, min(place + step, rows.count - 1))
    chosen = rows[chosenPlace]
    keepInSight()
    return .nothing
  }

  private static let intervals: [UInt64] = [
    100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
  ]

  private mutating func pressCommand(_ key: Key) -> Action? {
    switch key {
    case .character("q"), .control("c"): return .quit
    case .control("l"): return .redraw
    case .character("?"), .character("h"): show(page: .help)
    case .character("/"): prompt = FilterPrompt(filter)
    case .character("s"):
      orderNumber = (orderNumber + 1) % orders.count
    case .character("r"): isReversed.toggle()
    case .character("R"):
      orderNumber = orders.firstIndex { $0.name == WatchOrder.rise.name } ?? orderNumber
      isReversed = false
    case .character("d"):
      guard view == .listeners, let listener = detail ?? selected else { return .nothing }
      return .diagnose(listener)
    default: return pressTime(key) ?? changeView(key)
    }
    return .nothing
  }

  /// When samples are taken; in a recording, which of them is shown.
  private mutating func pressTime(_ key: Key) -> Action? {
    guard case .character(let scalar) = key else { return nil }
    if steps != nil { return step(scalar) }
    switch scalar {
    case "p":
      isPaused.toggle()
      return isPaused ? .nothing : .resume
    case "+", "=": interval = Self.intervals.first { $0 > interval } ?? interval
    case "-": interval = Self.intervals.last { $0 < interval } ?? interval
    default: return nil
    }
    return .nothing
  }

  private mutating func step(_ scalar: Unicode.Scalar) -> Action? {
    guard let before = steps else { return nil }
    switch scalar {
    case "n": steps?.move(by: 1)
    case "b": steps?.move(by: -1)
    case "N": steps?.move(by: before.count)
    case "B": steps?.move(by: -before.count)
    default: return nil
    }
    return steps == before ? .nothing : .step
  }

  private mutating func changeView(_ key: Key) -> Action? {
    switch key {
    case .enter where view == .counters:
      if let counterSelection { show(page: .counter(counters[counterSelection])) }
      return .nothing
    case .enter, .right:
      guard view == .listeners, detail == nil, let selected else { return .nothing }
      (chosen, chosenPlace) = (selected, selection ?? 0)
      return open(.listeners, detail: selected)
    case .escape, .backspace, .left:
      guard detail != nil else { return .nothing }
      return open(.listeners, detail: nil)
    case .tab: return open(view.next(1), detail: nil)
    case .backTab: return open(view.next(-1), detail: nil)
    case .character(let scalar):
      guard let view = WatchView.allCases.first(where: { String($0.number) == String(scalar) })
      else { return nil }
      return open(view, detail: nil)
    default: return nil
    }
  }

  private mutating func open(_ view: WatchView, detail: ListenerKey?) -> Action {
    self.view = view
    self.detail = detail
    bodyScroll = Scroll()
    return .sample
  }
}

/// A text that is read in place of the view.
enum WatchPage: Hashable {
  case help
  /// What is wrong with the listener that was selected.
  case diagnosis
  /// What a counter means, by its name.
  case counter(String)
}

/// Where one is in a recording.
struct RecordingSteps: Equatable {
  /// Counted from 0.
  private(set) var current = 0
  /// At least 1.
  let count: Int

  init(count: Int) { self.count = max(count, 1) }

  /// Stops at both ends.
  mutating func move(by samples: Int) { current = max(0, min(current + samples, count - 1)) }
}

/// What `watch` can show.
enum WatchView: String, CaseIterable, Sendable {
  case listeners, states, counters

  var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

  /// Its place among the views, from 1: the key that switches to it.
  var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

  func next(_ step: Int) -> WatchView {
    let all = Self.allCases
    return all[(number - 1 + step + all.count) % all.count]
  }
}

/// Which part of a list that is longer than the screen is seen.
struct Scroll: Equatable {
  private(set) var top = 0

  /// Moves no further than the list goes.
  mutating func move(by lines: Int, count: Int, page: Int) {
    top = max(0, min(top + lines, count - max(page, 1)))
  }

  /// Moves as little as it takes to see a line.
  mutating func show(_ line: Int, count: Int, page: Int) {
    let page = max(page, 1)
    if line < top { top = line }
    if line >= top + page { top = line - page + 1 }
    move(by: 0, count: count, page: page)
  }

  /// The lines that are seen.
  func range(count: Int, page: Int) -> Range<Int> {
    let start = min(top, max(count, 0))
    return start..<max(start, min(count, start + max(page, 0)))
  }

  /// How far a key moves; nil for keys that do not.
  static func step(_ key: Key, count: Int, page: Int) -> Int? {
    switch key {
    case .up, .character("k"): -1
    case .down, .character("j"): 1
    case .pageUp, .control("b"): -max(page - 1, 1)
    case .pageDown, .control("f"), .character(" "): max(page - 1, 1)
    case .home, .character("g"): -count
    case .end, .character("G"): count
    default: nil
    }
  }
}

/// A line that is edited at the bottom of the screen: the filter.
struct FilterPrompt: Equatable {
  private(set) var text: [Unicode.Scalar]
  /// What is wrong with the filter that was entered, and where.
  var complaint: FilterError?
  private static let longest = 1000

  init(_ text: String) { self.text = Array(text.unicodeScalars) }

  enum Outcome: Equatable {
    case edited
    case entered(String)
    case cancelled
  }

  mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .enter: return .entered(typed)
    case .escape, .control("c"), .control("g"): return .cancelled
    case .backspace: if !text.isEmpty { text.removeLast() }
    case .control("u"): text = []
    case .control("w"): dropWord()
    case .character(let scalar): if text.count < Self.longest { text.append(scalar) }
    default: return .edited
    }
    complaint = nil
    return .edited
  }

  var typed: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text)
    return String(view)
  }

  private mutating func dropWord() {
    while text.last == " " { text.removeLast() }
    while let last = text.last, last != " " { text.removeLast() }
  }
}
