import ProcNet

/// When to sample: at even distances, whatever a sample takes; what was missed is not made up for.
struct WatchClock {
  private(set) var interval: UInt64
  /// Milliseconds of the steady clock: of the sample that is due, or was the last.
  private(set) var due: UInt64

  init(interval: UInt64, now: UInt64 = CurrentProcess.steadyTime) {
    self.interval = interval
    due = now
  }

  /// The moment of a sample that is taken now. As planned, as long as it is nearly so: even distances
  /// keep rates and histories still.
  func moment(now: UInt64) -> UInt64 { now > due &+ interval / 4 ? now : due }
  var moment: UInt64 { moment(now: CurrentProcess.steadyTime) }

  mutating func advance(now: UInt64 = CurrentProcess.steadyTime) {
    due &+= interval
    if due <= now { due = now &+ interval }
  }

  func isDue(now: UInt64 = CurrentProcess.steadyTime) -> Bool { now >= due }

  /// Milliseconds until the sample that is due.
  var wait: UInt64 { wait(now: CurrentProcess.steadyTime) }
  func wait(now: UInt64) -> UInt64 { due - min(due, now) }

  /// Another interval, from the last sample on.
  mutating func change(interval other: UInt64) {
    guard other != interval else { return }
    due = due - min(due, interval) &+ other
    interval = other
  }

  mutating func makeDue(now: UInt64 = CurrentProcess.steadyTime) { due = now }
}

/// Records the host while it is watched: it is recorded once, then watched until it is time for the
/// next sample, and so on.
struct WatchRecording {
  private let path: String
  private let arguments: WatchArguments

  /// nil when nothing is to be recorded.
  init?(_ arguments: WatchArguments) {
    guard let path = arguments.recordingToMake else { return nil }
    (self.path, self.arguments) = (path, arguments)
  }

  /// - Parameter watch: Watches for this time, in milliseconds; false when it is over.
  /// - Returns: What the recording does not hold.
  func run(_ watch: (UInt64) throws(KernelError) -> Bool) throws(KernelError) -> [Gap] {
    let live = try LiveKernel.host(procRoot: arguments.common.procRoot)
    let writer = try RecordingWriter(
      to: path, header: .now(through: live, program: Session.program))
    var failure: KernelError?
    var found: [Gap] = []
    let choice = NamespaceChoice(arguments.common.namespace ?? "self")
    let gaps = try HostRecorder.record(
      through: live, into: writer, samples: arguments.count ?? .max,
      every: arguments.interval ?? WatchArguments.usualInterval
    ) { (kernel) throws(KernelError) in
      try NamespaceFinder(through: kernel).places(for: choice, gaps: &found)
    } pause: { time in
      do throws(KernelError) {
        return try watch(time)
      } catch {
        failure = error
        return false
      }
    }
    // What was recorded until then is worth keeping, too.
    try writer.finish()
    if let failure { throw failure }
    return found + gaps
  }
}

/// How often something costly is sampled: as often as wanted while it is cheap, and otherwise so
/// seldom that it takes no more than its share of a processor.
struct AdaptiveInterval {
  /// At most one part in this number of a processor's time; 0: it is always due, also when time
  /// goes backwards, as in a recording.
  let share: UInt64
  private var due: UInt64 = 0
  /// When it was sampled last; nil for never.
  private(set) var last: UInt64?

  init(share: UInt64 = 200) { self.share = share }

  func isDue(at now: UInt64) -> Bool { share == 0 || now >= due }

  /// Whether it is due for something new, `times` as often.
  func isDue(at now: UInt64, urgently times: UInt64) -> Bool {
    guard share > 0, let last else { return true }
    return now >= last &+ (due - min(last, due)) / max(times, 1)
  }

  /// - Parameter cost: Microseconds of processor time.
  mutating func sampled(at now: UInt64, cost: UInt64) {
    last = now
    due = now &+ cost * share / 1000
  }

  mutating func forget() {
    due = 0
    last = nil
  }

  /// Milliseconds since the last sample.
  func age(at now: UInt64) -> UInt64? { last.map { now - min($0, now) } }
}
