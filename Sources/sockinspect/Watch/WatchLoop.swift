import Glibc
import ProcNet

/// `watch` on a screen: samples, draws, and sleeps until a key, a signal or the next
/// sample.
struct WatchLoop {
  private var scope: WatchScope
  private var frame: WatchFrame
  private var listeners: ListenerWatch
  private var detail: DetailsWatch
  private var recorded = RecordedSamples()
  private var keys = KeyReader()
  private var drawing = ScreenDrawing()
  private var clock: WatchClock
  private var samplesLeft: Int
  private let limit: Int
  private let isStrict: Bool
  private let diagnosis: (DiagnoseArguments) -> WatchDiagnosis
  private var isOver = false
  /// What the recording that was made meanwhile does not hold.
  private(set) var recordedGaps: [Gap] = []
  /// How long the rest of a key's sequence may take to come.
  private static let sequenceTime: UInt64 = 50

  /// - Parameter diagnosis: Does what `diagnose` does.
  init(
    _ arguments: WatchArguments, _ scope: WatchScope,
    diagnosis: @escaping (DiagnoseArguments) -> WatchDiagnosis
  ) throws(UsageError) {
    let common = arguments.common
    self.scope = scope
    self.diagnosis = diagnosis
    let interval = arguments.interval ?? RecordedSamples.interval(of: scope)
    var state = WatchState(
      WatchOrder.cycle(try arguments.order()), interval: interval,
      filter: scope.words.joined(separator: " "))
    state.view = arguments.view
    state.steps = scope.samples.map {
      RecordingSteps(count: min($0, arguments.count ?? .max))
    }
    let style = ScreenStyle(
      width: 80, height: 24, isColoured: common.colour.isOn,
      isUnicode: TextStyle.ofLocale.isUnicode)
    let isRecorded = scope.samples != nil
    frame = WatchFrame(style: style, state: state, context: scope.facts)
    frame.states = StateWatch(isRecorded: isRecorded)
    listeners = ListenerWatch(isRecorded: isRecorded)
    detail = DetailsWatch(isRecorded: isRecorded)
    clock = WatchClock(interval: interval)
    samplesLeft = isRecorded ? .max : arguments.count ?? .max
    limit = common.limit ?? .max
    isStrict = common.isStrict
  }

  /// - Parameter recording: What is to be recorded meanwhile.
  mutating func run(
    on screen: borrowing FullScreen, recording: WatchRecording?
  ) throws(KernelError) -> ExitStatus {
    let events = TerminalEvents(keyboard: screen.keyboard)
    defer { screen.giveBack() }
    do throws(KernelError) {
      try screen.take()
      measure()
      if isRecorded { try step() }
      if let recording {
        recordedGaps = try recording.run { (time) throws(KernelError) in
          try go(screen, events, for: time)
        }
      }
      if !isOver { _ = try go(screen, events) }
    } catch {
      // The terminal has gone, which is one way to quit.
      if error.number != EIO { throw error }
    }
    return isStrict && !frame.sample.gaps.telling.isEmpty ? .incomplete : .done
  }

  /// For a time in milliseconds, or until it is over; answers whether it goes on after that.
  private mutating func go(
    _ screen: borrowing FullScreen, _ events: borrowing TerminalEvents, for time: UInt64? = nil
  ) throws(KernelError) -> Bool {
    let end = time.map { CurrentProcess.steadyTime &+ $0 }
    while !isOver {
      if samplesLeft > 0, !isRecorded, !frame.state.isPaused, clock.isDue() { try sample() }
      try draw()
      if samplesLeft <= 0, end == nil { return false }
      let left = end.map { $0 - min($0, CurrentProcess.steadyTime) }
      let happened = events.wait(milliseconds: min(patience, left ?? .max))
      if happened.isEmpty { try press(keys.expire()) }
      for event in happened { try handle(event, screen, events) }
      clock.change(interval: frame.state.interval)
      // Not before: where to record takes longer than the interval there is no time at all.
      if left == 0 { return !isOver }
    }
    return false
  }

  private var isRecorded: Bool { frame.state.steps != nil }

  private var patience: UInt64 {
    if keys.isWaiting { return Self.sequenceTime }
    let isAtRest = frame.state.isPaused || isRecorded || samplesLeft <= 0
    return isAtRest ? UInt64(Int32.max) : clock.wait
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
      case .sample:
        if frame.detail?.row.listener.key != frame.closerLook { detail.forget() }
        try sampleDetails()
      case .resume: clock.makeDue()
      case .filter(let text): try change(filter: text)
      case .diagnose(let listener): try diagnose(listener)
      case .step: try step()
      }
    }
  }

  private mutating func change(filter text: String) throws(KernelError) {
    do throws(FilterError) {
      try scope.change(filter: text)
    } catch {
      return frame.state.refuse(error)
    }
    frame.state.accept(filter: text)
    listeners.startAnew()
    frame.states.startAnew()
    guard isRecorded else { return try sample() }
    recorded = RecordedSamples()
    listeners = ListenerWatch(isRecorded: true)
    frame.counters = CounterWatch()
    frame.history = HistoryStore()
    try step()
  }

  private mutating func sample() throws(KernelError) {
    let moment = clock.moment
    let isSeen = frame.state.view == .listeners && frame.state.detail == nil
    frame.sample = try listeners.sample(scope, at: moment, counts: isSeen)
    note(frame.sample)
    frame.counters.sample(in: scope.namespaces, through: scope.kernel, at: moment)
    arrange()
    try sampleDetails()
    clock.advance()
    samplesLeft -= 1
  }

  /// How full the queues were is kept for their histories.
  private mutating func note(_ sample: ListenersSample) {
    frame.history.record(
      sample.rows.map { row in
        let hasDropped = row.isDropping
        return (
          row.listener.key,
          History.Moment(time: sample.moment, value: row.thousandths, isMarked: hasDropped)
        )
      })
  }

  /// What only one view shows.
  private mutating func sampleDetails() throws(KernelError) {
    if frame.state.view == .states { try sampleStates() }
    let moment = scope.moment
    guard let key = frame.closerLook, let row = frame.sample.row(key) else {
      detail.forget()
      frame.detail = nil
      return listeners.name(clients: [], of: frame.sample, scope, at: moment)
    }
    try detail.sample(at: row, scope, at: moment)
    frame.detail = detail.latest
    let clients = detail.latest?.opposites ?? []
    listeners.name(clients: clients, of: frame.sample, scope, at: moment)
  }

  private mutating func sampleStates() throws(KernelError) {
    guard let steps = frame.state.steps else {
      _ = try frame.states.sample(scope, at: scope.moment)
      return
    }
    while recorded.states.count <= steps.current {
      let scope = recorded.moments[recorded.states.count].scope
      _ = try frame.states.sample(scope, at: scope.moment)
      recorded.states.append(frame.states.reading)
    }
    frame.states.show(recorded.states[steps.current])
  }

  /// Shows the sample of the recording that was chosen. Those before it are read once, for the
  /// rates and histories.
  private mutating func step() throws(KernelError) {
    guard let steps = frame.state.steps else { return }
    while recorded.moments.count <= steps.current {
      let scope = scope.at(sample: recorded.moments.count)
      let sample = try listeners.sample(scope, at: scope.moment, counts: true)
      note(sample)
      frame.counters.sample(in: scope.namespaces, through: scope.kernel, at: scope.moment)
      recorded.moments.append(
        RecordedSamples.Moment(scope: scope, sample: sample, counters: frame.counters.reading))
    }
    let moment = recorded.moments[steps.current]
    scope = moment.scope
    frame.context = moment.scope.facts
    frame.sample = moment.sample
    frame.counters.show(moment.counters)
    arrange()
    try sampleDetails()
  }

  /// Says that it samples, and then waits for the answer.
  private mutating func diagnose(_ key: ListenerKey) throws(KernelError) {
    guard let row = frame.sample.row(key) else { return }
    let words = ListenerTarget.words(
      for: row.socket, isAmongNamespaces: scope.namespaces.count > 1)
    frame.diagnosis = WatchFrame.DiagnosisPage(words: words, answer: nil)
    frame.state.show(page: .diagnosis)
    try draw()
    var arguments = DiagnoseArguments(common: scope.arguments.common, words: words)
    arguments.common.sort = nil
    arguments.common.columns = nil
    arguments.showsProgress = false
    let answer = diagnosis(arguments)
    frame.diagnosis?.answer = answer
  }

  private mutating func arrange() {
    let sorted = frame.state.order.sorted(
      frame.sample, isReversed: frame.state.isReversed, frame.context)
    frame.rows = Array(sorted.prefix(limit))
    frame.state.counters = frame.counters.rows.map(\.counter.name)
    frame.state.page = frame.page
    frame.state.show(frame.rows.map(\.listener.key))
  }

  private mutating func draw() throws(KernelError) {
    arrange()
    // The closer look beside the list follows the selection.
    if let key = frame.closerLook, frame.detail?.row.listener.key != key { try sampleDetails() }
    frame.now = CurrentProcess.steadyTime
    var picture = WatchScreen(frame)
    let before = frame.state
    frame.state.bodyCount = picture.body.count
    frame.state.keepInSight()
    let isMoved = frame.state.bodyScroll != before.bodyScroll
    if isMoved || frame.state.bodyCount != before.bodyCount { picture = WatchScreen(frame) }
    var output = Output()
    drawing.draw(picture.lines, frame.style, to: &output.writer)
    try output.flush()
  }
}

/// What a diagnosis of a listener came to.
enum WatchDiagnosis {
  case report(DiagnosisReport)
  /// Why there is none.
  case failed(String)
}

/// How a listener is named where `diagnose` takes a target.
enum ListenerTarget {
  /// `:80`, `127.0.0.1:9000`, `/run/x.sock`; with the namespace where there are several.
  static func words(for socket: Socket, isAmongNamespaces: Bool) -> [String] {
    let name = name(of: socket)
    guard isAmongNamespaces, socket.namespace != 0 else { return [name] }
    return ["\(name) and netns = \(socket.namespace)"]
  }

  private static func name(of socket: Socket) -> String {
    if socket.netid.isInternet {
      return socket.local.address.isAny
        ? ":\(socket.local.port)" : EvidenceSubject.text(socket.local)
    }
    let path = EndpointText.visible(socket.path ?? [])
    guard path.first == UInt8(ascii: "/") || path.first == UInt8(ascii: "@") else {
      return "inode:\(socket.inode)"
    }
    let text = SafeText.string(path)
    if text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "/@._-:".contains($0)) }) {
      return text
    }
    let mark = text.contains("\"") ? "'" : "\""
    return "\(mark)\(text)\(mark)"
  }
}

/// The samples of a recording as far as they were read, so that one can go back to an earlier one.
private struct RecordedSamples {
  struct Moment {
    let scope: WatchScope
    let sample: ListenersSample
    let counters: CounterWatch.Reading
  }

  var moments: [Moment] = []
  /// Read when they are looked at.
  var states: [StateWatch.Reading] = []

  /// Milliseconds between two samples: of a recording, on average. Its times may be anything.
  static func interval(of scope: WatchScope) -> UInt64 {
    guard let count = scope.samples, count > 1 else { return WatchArguments.usualInterval }
    let (first, last) = (scope.at(sample: 0).time, scope.at(sample: count - 1).time)
    return min(max(100, (last - min(first, last)) / UInt64(count - 1)), 86_400_000)
  }
}
