import ProcNet

/// What the person at the keyboard has chosen: view, order, selection, filter under way.
///
/// A plain value: keys go in, what has to be done comes out.
struct WatchState {
  /// What a key asks for beyond another picture.
  enum WatchAction: Equatable {
    case nothing
    case quit
    /// Look at once at what only this view shows.
    case look
    /// Look at everything at once, and go on.
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
  private(set) var showsHelp = false
  /// Milliseconds between two looks.
  private(set) var interval: UInt64
  /// The filter that holds, as it would be typed.
  var filter: String
  private(set) var prompt: FilterPrompt?
  /// The listener that is looked at closely.
  private(set) var detail: ListenerKey?

  /// The listeners in the order in which they are shown.
  private(set) var rows: [ListenerKey] = []
  /// nil as long as nobody has moved: the first, whichever that is.
  private var chosen: ListenerKey?
  private var chosenPlace = 0
  var listScroll = Scroll()
  var bodyScroll = Scroll()
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
  }

  mutating func press(_ key: Key) -> WatchAction {
    if prompt != nil { return edit(key) }
    if showsHelp { return leaveHelp(key) }
    if let wish = pressCommand(key) { return wish }
    return move(key)
  }

  /// Any key leads back, except those that scroll where there is more than the screen holds.
  private mutating func leaveHelp(_ key: Key) -> WatchAction {
    if bodyCount > page, let step = Scroll.step(key, count: bodyCount, page: page) {
      bodyScroll.move(by: step, count: bodyCount, page: page)
      return .nothing
    }
    showsHelp = false
    bodyScroll = Scroll()
    return key == .character("q") || key == .control("c") ? .quit : .nothing
  }

  private mutating func edit(_ key: Key) -> WatchAction {
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
  mutating func refuse(_ complaint: String) { prompt?.complaint = complaint }

  private mutating func move(_ key: Key) -> WatchAction {
    let isList = view == .listeners && detail == nil
    let count = isList ? rows.count : bodyCount
    guard let step = Scroll.step(key, count: count, page: page) else { return .nothing }
    guard isList else {
      bodyScroll.move(by: step, count: count, page: page)
      return .nothing
    }
    guard let place = selection else { return .nothing }
    chosenPlace = max(0, min(place + step, count - 1))
    chosen = rows[chosenPlace]
    keepInSight()
    return .nothing
  }
}

extension WatchState {
  private static let intervals: [UInt64] = [
    100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
  ]

  fileprivate mutating func pressCommand(_ key: Key) -> WatchAction? {
    switch key {
    case .character("q"), .control("c"): return .quit
    case .control("l"): return .redraw
    case .character("?"), .character("h"):
      showsHelp = true
      bodyScroll = Scroll()
    case .character("/"): prompt = FilterPrompt(filter)
    case .character("p"):
      isPaused.toggle()
      return isPaused ? .nothing : .resume
    case .character("s"):
      orderNumber = (orderNumber + 1) % orders.count
    case .character("r"): isReversed.toggle()
    case .character("+"), .character("="):
      interval = Self.intervals.first { $0 > interval } ?? interval
    case .character("-"): interval = Self.intervals.last { $0 < interval } ?? interval
    default: return changeView(key)
    }
    return .nothing
  }

  private mutating func changeView(_ key: Key) -> WatchAction? {
    switch key {
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

  private mutating func open(_ view: WatchView, detail: ListenerKey?) -> WatchAction {
    self.view = view
    self.detail = detail
    bodyScroll = Scroll()
    return .look
  }
}
