import Glibc
import ProcNet

/// `watch` on a screen: looks, draws, and sleeps until a key, a signal or the next look.
struct WatchLoop {
  private var place: WatchScope
  private var scene: WatchFrame
  private var listeners = ListenerWatch()
  private var detail = DetailsWatch()
  private var keys = KeyReader()
  private var drawing = ScreenDrawing()
  private var clock: WatchClock
  private var looksLeft: Int
  private let limit: Int
  private let isStrict: Bool
  private var isOver = false
  /// How long the rest of a key's sequence may take to come.
  private static let sequenceTime: UInt64 = 50

  init(_ arguments: WatchArguments, _ place: WatchScope) throws(UsageError) {
    let common = arguments.common
    let interval = arguments.interval ?? WatchArguments.usualInterval
    self.place = place
    let sort = try common.sort.map(ColumnSet.listeners.order)
    var state = WatchState(
      WatchOrder.cycle(sort), interval: interval, filter: place.words.joined(separator: " "))
    state.view = arguments.view
    let style = ScreenStyle(
      width: 80, height: 24, isColoured: common.colour.isOn,
      isUnicode: ScreenStyle.isUnicode(CurrentProcess.environment))
    scene = WatchFrame(style: style, state: state, surroundings: place.facts)
    clock = WatchClock(interval: interval)
    looksLeft = arguments.count ?? .max
    limit = common.limit ?? .max
    isStrict = common.isStrict
  }

  mutating func run(on screen: borrowing FullScreen) throws(KernelError) -> ExitStatus {
    let events = TerminalEvents(keyboard: screen.keyboard)
    defer { screen.giveBack() }
    do throws(KernelError) {
      try screen.take()
      try go(screen, events)
    } catch {
      // The terminal has gone, which is one way to quit.
      if error.number != EIO { throw error }
    }
    return isStrict && !scene.look.gaps.telling.isEmpty ? .incomplete : .done
  }

  private mutating func go(
    _ screen: borrowing FullScreen, _ events: borrowing TerminalEvents
  ) throws(KernelError) {
    measure()
    while !isOver {
      if !scene.state.isPaused, clock.isDue() { try look() }
      try draw()
      if looksLeft <= 0 { return }
      let happened = events.wait(milliseconds: patience)
      if happened.isEmpty { try press(keys.expire()) }
      for event in happened { try handle(event, screen, events) }
      clock.change(interval: scene.state.interval)
    }
  }

  private var patience: UInt64 {
    if keys.isWaiting { return Self.sequenceTime }
    return scene.state.isPaused ? UInt64(Int32.max) : clock.wait
  }

  private mutating func handle(
    _ event: TerminalEvents.Event, _ screen: borrowing FullScreen,
    _ events: borrowing TerminalEvents
  ) throws(KernelError) {
    switch event {
    case .typed(let bytes): try press(keys.take(bytes))
    case .closed, .signal(SIGINT), .signal(SIGTERM), .signal(SIGHUP): isOver = true
    case .signal(SIGTSTP):
      screen.giveBack()
      events.stop()
      try resume(screen)
    case .signal(SIGCONT): try resume(screen)
    case .signal: measure()
    }
  }

  private mutating func resume(_ screen: borrowing FullScreen) throws(KernelError) {
    try screen.take()
    measure()
    drawing.forget()
  }

  private mutating func measure() {
    scene.style.width = OutputFile.standardOutput.width ?? 80
    scene.style.height = OutputFile.standardOutput.height ?? 24
  }

  private mutating func press(_ pressed: [Key]) throws(KernelError) {
    for key in pressed {
      switch scene.state.press(key) {
      case .nothing: break
      case .quit: isOver = true
      case .redraw: drawing.forget()
      case .look: try lookCloser()
      case .resume: clock.makeDue()
      case .filter(let text): try change(filter: text)
      }
    }
  }

  private mutating func change(filter text: String) throws(KernelError) {
    do throws(FilterError) {
      try place.change(filter: text)
    } catch {
      return scene.state.refuse(error.message)
    }
    scene.state.accept(filter: text)
    listeners.startAnew()
    scene.states.startAnew()
    try look()
  }

  private mutating func look() throws(KernelError) {
    let moment = clock.moment
    let isSeen = scene.state.view == .listeners && scene.state.detail == nil
    scene.look = try listeners.look(place, at: moment, counts: isSeen)
    scene.history.record(
      scene.look.rows.map { row in
        let hasDropped = row.isDropping
        return (
          row.listener.key,
          History.Moment(time: moment, value: row.fill, isMarked: hasDropped)
        )
      })
    scene.counters.look(in: place.places, through: place.kernel, at: moment)
    arrange()
    try lookCloser()
    clock.advance()
    looksLeft -= 1
  }

  /// What only one view shows.
  private mutating func lookCloser() throws(KernelError) {
    let moment = CurrentProcess.steadyTime
    if scene.state.view == .states { _ = try scene.states.look(place, at: moment) }
    guard let key = scene.state.detail, let row = scene.look.row(key) else {
      detail.forget()
      scene.detail = nil
      return listeners.name(clients: [], of: scene.look, place, at: moment)
    }
    try detail.look(at: row, place, at: moment)
    scene.detail = detail.latest
    let clients = detail.latest?.clients ?? []
    listeners.name(clients: clients, of: scene.look, place, at: moment)
  }

  private mutating func arrange() {
    let order = scene.state.order
    let sorted = order.sorted(
      scene.look.rows, isReversed: scene.state.isReversed, scene.surroundings)
    scene.rows = Array(sorted.prefix(limit))
    scene.state.page = scene.page
    scene.state.show(scene.rows.map(\.listener.key))
  }

  private mutating func draw() throws(KernelError) {
    arrange()
    scene.now = CurrentProcess.steadyTime
    var picture = WatchScreen(scene)
    scene.state.bodyCount = picture.body.count
    let scroll = scene.state.bodyScroll
    scene.state.keepInSight()
    if scroll != scene.state.bodyScroll { picture = WatchScreen(scene) }
    var output = Output()
    drawing.draw(picture.lines, scene.style, to: &output.writer)
    try output.flush()
  }
}
