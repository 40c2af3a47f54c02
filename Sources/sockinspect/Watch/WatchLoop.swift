import Glibc
import ProcNet

/// `watch` on a screen: samples, draws, and sleeps until a key, a signal or the next
/// sample.
struct WatchLoop {
  private var scope: WatchScope
  private var frame: WatchFrame
  private var listeners = ListenerWatch()
  private var detail = DetailsWatch()
  private var keys = KeyReader()
  private var drawing = ScreenDrawing()
  private var clock: WatchClock
  private var samplesLeft: Int
  private let limit: Int
  private let isStrict: Bool
  private var isOver = false
  /// How long the rest of a key's sequence may take to come.
  private static let sequenceTime: UInt64 = 50

  init(_ arguments: WatchArguments, _ scope: WatchScope) throws(UsageError) {
    let common = arguments.common
    let interval = arguments.interval ?? WatchArguments.usualInterval
    self.scope = scope
    let sort = try common.sort.map(ColumnSet.listeners.order)
    var state = WatchState(
      WatchOrder.cycle(sort), interval: interval, filter: scope.words.joined(separator: " "))
    state.view = arguments.view
    let style = ScreenStyle(
      width: 80, height: 24, isColoured: common.colour.isOn,
      isUnicode: TextStyle.isUnicode(CurrentProcess.environment))
    frame = WatchFrame(style: style, state: state, context: scope.facts)
    clock = WatchClock(interval: interval)
    samplesLeft = arguments.count ?? .max
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
    return isStrict && !frame.sample.gaps.telling.isEmpty ? .incomplete : .done
  }

  private mutating func go(
    _ screen: borrowing FullScreen, _ events: borrowing TerminalEvents
  ) throws(KernelError) {
    measure()
    while !isOver {
      if !frame.state.isPaused, clock.isDue() { try sample() }
      try draw()
      if samplesLeft <= 0 { return }
      let happened = events.wait(milliseconds: patience)
      if happened.isEmpty { try press(keys.expire()) }
      for event in happened { try handle(event, screen, events) }
      clock.change(interval: frame.state.interval)
    }
  }

  private var patience: UInt64 {
    if keys.isWaiting { return Self.sequenceTime }
    return frame.state.isPaused ? UInt64(Int32.max) : clock.wait
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
    frame.style.width = OutputFile.standardOutput.width ?? 80
    frame.style.height = OutputFile.standardOutput.height ?? 24
  }

  private mutating func press(_ pressed: [Key]) throws(KernelError) {
    for key in pressed {
      switch frame.state.press(key) {
      case .nothing: break
      case .quit: isOver = true
      case .redraw: drawing.forget()
      case .sample: try sampleDetails()
      case .resume: clock.makeDue()
      case .filter(let text): try change(filter: text)
      }
    }
  }

  private mutating func change(filter text: String) throws(KernelError) {
    do throws(FilterError) {
      try scope.change(filter: text)
    } catch {
      return frame.state.refuse(error.message)
    }
    frame.state.accept(filter: text)
    listeners.startAnew()
    frame.states.startAnew()
    try sample()
  }

  private mutating func sample() throws(KernelError) {
    let moment = clock.moment
    let isSeen = frame.state.view == .listeners && frame.state.detail == nil
    frame.sample = try listeners.sample(scope, at: moment, counts: isSeen)
    frame.history.record(
      frame.sample.rows.map { row in
        let hasDropped = row.isDropping
        return (
          row.listener.key,
          History.Moment(time: moment, value: row.thousandths, isMarked: hasDropped)
        )
      })
    frame.counters.sample(in: scope.namespaces, through: scope.kernel, at: moment)
    arrange()
    try sampleDetails()
    clock.advance()
    samplesLeft -= 1
  }

  /// What only one view shows.
  private mutating func sampleDetails() throws(KernelError) {
    let moment = CurrentProcess.steadyTime
    if frame.state.view == .states { _ = try frame.states.sample(scope, at: moment) }
    guard let key = frame.state.detail, let row = frame.sample.row(key) else {
      detail.forget()
      frame.detail = nil
      return listeners.name(clients: [], of: frame.sample, scope, at: moment)
    }
    try detail.sample(at: row, scope, at: moment)
    frame.detail = detail.latest
    let clients = detail.latest?.clients ?? []
    listeners.name(clients: clients, of: frame.sample, scope, at: moment)
  }

  private mutating func arrange() {
    let order = frame.state.order
    let sorted = order.sorted(
      frame.sample.rows, isReversed: frame.state.isReversed, frame.context)
    frame.rows = Array(sorted.prefix(limit))
    frame.state.page = frame.page
    frame.state.show(frame.rows.map(\.listener.key))
  }

  private mutating func draw() throws(KernelError) {
    arrange()
    frame.now = CurrentProcess.steadyTime
    var picture = WatchScreen(frame)
    frame.state.bodyCount = picture.body.count
    let scroll = frame.state.bodyScroll
    frame.state.keepInSight()
    if scroll != frame.state.bodyScroll { picture = WatchScreen(frame) }
    var output = Output()
    drawing.draw(picture.lines, frame.style, to: &output.writer)
    try output.flush()
  }
}
