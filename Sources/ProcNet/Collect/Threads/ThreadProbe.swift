/// Reads one thread's files below `/proc/<pid>/task/<tid>`.
struct ThreadProbe: Sendable {
  let kernel: any Kernel
  let calls: CallReader
  let process: Int32
  /// What time it is for the scheduler; nil where it is not known.
  let clock: SchedulerClock.Moment?

  /// nil when the thread has ended, and for a worker of io_uring with nothing to do: it belongs to
  /// the process and never runs its program.
  func probe(_ thread: Int32) -> ThreadSnapshot? {
    let folder = "/proc/\(process)/task/\(thread)"
    guard let stat = ProcFile("\(folder)/stat", kernel).text.flatMap({ ProcStat($0) })
    else { return nil }
    let place = wchan("\(folder)/wchan")
    guard let activity = activity("\(folder)/syscall", stat, place) else { return nil }
    var snapshot = ThreadSnapshot(
      thread: thread, command: stat.command, state: stat.state, userTicks: stat.userTicks,
      kernelTicks: stat.kernelTicks, startTicks: stat.startTicks, activity: activity, wchan: place)
    let status = ProcFile("\(folder)/status", kernel)
    if status.isGone { return nil }
    take(status.text.map { ProcStatus($0) }, into: &snapshot)
    snapshot.runDelay = ProcFile("\(folder)/schedstat", kernel).text
      .flatMap { ProcSchedstat.decode($0.span)?.waiting }
    if stat.state != UInt8(ascii: "R") {
      snapshot.asleep = stat.processor.flatMap { asleep(folder, $0) }
    }
    return snapshot
  }

  /// Milliseconds; the clock was read a moment before, and is as old as the last tick.
  private func asleep(_ folder: String, _ processor: Int32) -> UInt64? {
    guard let clock = clock?.now(on: processor), let last = Self.lastRan("\(folder)/sched", kernel)
    else { return nil }
    return (clock -| last) / 1000
  }

  static func lastRan(_ path: String, _ kernel: any Kernel) -> UInt64? {
    ProcFile(path, kernel, limit: ProcSched.beginning).text
      .flatMap { ProcSched.decode($0.span)?.lastRan }
  }

  private func take(_ status: ProcStatus?, into snapshot: inout ThreadSnapshot) {
    snapshot.voluntarySwitches = status?.voluntarySwitches
    snapshot.forcedSwitches = status?.forcedSwitches
    snapshot.tracer = status?.tracer
  }

  private func activity(_ path: String, _ stat: ProcStat, _ place: [UInt8]?) -> ThreadActivity? {
    let file = ProcFile(path, kernel)
    if file.isDenied { return .denied }
    guard let text = file.text, let found = ProcSyscall.decode(text.span) else { return .unknown }
    switch found {
    case .running: return .running
    case .outsideCall: return .outsideCall
    case .call(let number, let arguments):
      let stack = ProcSyscall.stackPointer(text.span)
      if stack == 0 { return stat.state == UInt8(ascii: "D") ? .outsideCall : nil }
      let isNarrow = stack.map { $0 < 1 << 32 } ?? false
      let reader = isNarrow ? CallReader(kernel: kernel, architecture: nil) : calls
      return .call(reader.call(number, arguments, of: process, sleepingIn: place))
    }
  }

  /// `0` stands for "does not sleep" and for "not for you to know".
  private func wchan(_ path: String) -> [UInt8]? {
    ProcFile(path, kernel).text.flatMap { Self.place($0) }
  }

  static func place(_ text: [UInt8]) -> [UInt8]? {
    let name = Array(text.prefix { $0 != 10 })
    return name.isEmpty || name == [UInt8(ascii: "0")] ? nil : name
  }
}
