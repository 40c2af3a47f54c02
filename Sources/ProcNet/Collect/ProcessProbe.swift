import Synchronization

/// Looks at processes and their threads, as they are at this moment, without touching them.
///
/// For another moment make another probe: what control groups say is asked once.
/// Costs about 0.1 ms per thread and 4 µs per descriptor on a live host.
public struct ProcessProbe: Sendable {
  /// What is worth reading; the process's name, state and parent always are.
  public struct Wants: OptionSet, Sendable {
    /// A bit for each part.
    public let rawValue: UInt8
    /// The parts whose bits are set.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Every thread with its state and what it sleeps in, up to `mostThreads`.
    public static let threads = Wants(rawValue: 1 << 0)
    /// What every descriptor leads to.
    public static let descriptors = Wants(rawValue: 1 << 1)
    /// What its epoll instances watch, and which processes its pidfds mean; this reads the
    /// descriptors as well.
    public static let watchLists = Wants(rawValue: 1 << 2)
    /// How many files are open and may be.
    public static let limits = Wants(rawValue: 1 << 3)
    /// The control group, whether it is frozen, and its limit of processor time.
    public static let controlGroup = Wants(rawValue: 1 << 4)
    /// The arguments, up to 4,096 bytes of them.
    public static let commandLine = Wants(rawValue: 1 << 5)
    /// Everything.
    public static let all: Wants = [
      .threads, .descriptors, .watchLists, .limits, .controlGroup, .commandLine,
    ]
  }

  /// Threads of one process that are looked at; `threadCount` says how many there are.
  public static let mostThreads = 4096
  /// epoll instances of one process whose lists are read.
  private static let mostWatchLists = 256
  /// Bytes of a command line that are kept.
  static let longestCommandLine = 4096

  private let kernel: any Kernel
  private let groups: FrozenCgroups
  private let quotas: CPUQuotas
  private let calls: SyscallDecoder
  private let clock: SchedulerClock

  /// The architecture says how system calls are numbered, if the kernel behind the seam does not
  /// know it itself.
  public init(through kernel: any Kernel, _ architecture: Architecture? = nil) {
    self.kernel = kernel
    let files = CgroupFiles(through: kernel)
    groups = FrozenCgroups(files)
    quotas = CPUQuotas(files)
    clock = SchedulerClock(through: kernel)
    calls = SyscallDecoder(kernel: kernel, architecture: architecture ?? kernel.architecture)
  }

  /// Looks at one process.
  ///
  /// - Parameters:
  ///   - process: Its number in the pid namespace of the `/proc` that is read.
  ///   - wants: What to read of it.
  ///   - most: Threads to look at, when those are wanted.
  /// - Returns: nil when there is no such process any more, or none that we may see.
  public func probe(
    _ process: Int32, wanting wants: Wants = .all, mostThreads most: Int = mostThreads
  ) -> ProcessSnapshot? {
    guard let stat = file("stat", of: process).text.flatMap({ ProcStat($0) }) else { return nil }
    var snapshot = ProcessSnapshot(stat)
    snapshot.uid = file("status", of: process).text.flatMap { ProcStatus($0).effectiveUser }
    if wants.contains(.commandLine) { takeCommandLine(into: &snapshot) }
    if wants.contains(.limits) { takeLimits(into: &snapshot) }
    if wants.contains(.controlGroup) { takeControlGroup(into: &snapshot) }
    if !wants.isDisjoint(with: [.descriptors, .watchLists]) { takeDescriptors(into: &snapshot) }
    if wants.contains(.watchLists) { takeWatchLists(into: &snapshot) }
    if wants.contains(.threads) { takeThreads(most, into: &snapshot) }
    return snapshot
  }

  private func file(_ name: String, of process: Int32, limit: Int = 1 << 20) -> ProcFile {
    ProcFile("/proc/\(process)/\(name)", kernel, limit: limit)
  }

  /// In ascending order, which with few exceptions is the order in which they began.
  private func takeThreads(_ most: Int, into snapshot: inout ProcessSnapshot) {
    let process = snapshot.process
    guard let entries = try? kernel.entries(of: "/proc/\(process)/task") else { return }
    let numbers = entries.compactMap { Int32(procDigits: $0.name.utf8) }.sorted()
    let probe = ThreadProbe(kernel: kernel, calls: calls, process: process, clock: clock.now())
    let first = numbers.contains(process) ? [process] : []
    let others = numbers.filter { $0 != process }
    snapshot.threadCount = numbers.count
    snapshot.threads = (first + others).prefix(most).compactMap { probe.probe($0) }
    if snapshot.isFrozen == nil, snapshot.threads.contains(where: \.isInFreezer) {
      snapshot.isFrozen = true
    }
    if snapshot.threads.contains(where: { $0.call?.beginsAtWorkingFolder == true }) {
      snapshot.workingFolder = try? kernel.link(at: "/proc/\(process)/cwd")
    }
    let living = Set(numbers)
    for index in snapshot.threads.indices { snapshot.threads[index].keepHolder(among: living) }
  }

  /// Zero bytes end the arguments, and often many more of them fill what a program that rewrote
  /// its line has left over.
  private func takeCommandLine(into snapshot: inout ProcessSnapshot) {
    let file = file("cmdline", of: snapshot.process, limit: Self.longestCommandLine)
    guard var line = file.text else { return }
    while let last = line.last, last == 0 || last == 32 { line.removeLast() }
    snapshot.commandLine = line.map { $0 == 0 ? 32 : $0 }
  }

  private func takeLimits(into snapshot: inout ProcessSnapshot) {
    snapshot.openFilesLimit = file("limits", of: snapshot.process).text
      .flatMap { ProcLimits.decode($0.span)?.softOpenFiles }
    // Before Linux 6.2 the size was always 0, which says nothing.
    let size = (try? kernel.identity(of: "/proc/\(snapshot.process)/fd"))?.size
    snapshot.openFiles = size.flatMap { $0 > 0 ? $0 : nil }
  }

  private func takeControlGroup(into snapshot: inout ProcessSnapshot) {
    guard let text = file("cgroup", of: snapshot.process).text else { return }
    let found = ProcCgroup(text)
    snapshot.controlGroup = found.path
    snapshot.isFrozen = groups.isFrozen(found)
    snapshot.cpuQuota = quotas.quota(of: found)
  }

  private func takeDescriptors(into snapshot: inout ProcessSnapshot) {
    var found: [Int32: DescriptorTarget] = [:]
    let isWhole: Void? = try? kernel.takeDescriptors(ofProcess: snapshot.process, into: &found)
    if isWhole != nil { snapshot.descriptors = found }
  }

  private func takeWatchLists(into snapshot: inout ProcessSnapshot) {
    for number in Self.descriptors(.eventPoll, of: snapshot) {
      guard let info = info(number, of: snapshot.process) else { continue }
      snapshot.watchLists[number] = info.watched
    }
    for number in Self.descriptors(.process, of: snapshot) {
      snapshot.processDescriptors[number] = info(number, of: snapshot.process)?.process
    }
  }

  private static func descriptors(
    _ target: DescriptorTarget, of snapshot: ProcessSnapshot
  ) -> ArraySlice<Int32> {
    (snapshot.descriptors ?? [:]).filter { $0.value == target }.keys.sorted()
      .prefix(mostWatchLists)
  }

  private func info(_ descriptor: Int32, of process: Int32) -> ProcFdinfo? {
    file("fdinfo/\(descriptor)", of: process, limit: 1 << 26).text
      .map { ProcFdinfo.decode($0.span) }
  }
}

extension ProcessSnapshot {
  init(_ stat: ProcStat) {
    self.init(
      process: stat.process, command: stat.command, parent: stat.parent,
      startTicks: stat.startTicks, state: stat.state)
    hasTerminal = stat.hasTerminal
    threadCount = Int(stat.threads)
  }
}

/// Reads one thread's files below `/proc/<pid>/task/<tid>`.
struct ThreadProbe: Sendable {
  let kernel: any Kernel
  let calls: SyscallDecoder
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
      let reader = isNarrow ? SyscallDecoder(kernel: kernel, architecture: nil) : calls
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

/// What time it is for the scheduler, on each processor.
///
/// The clocks of the processors are compared once; from then on our own tells those of the others.
final class SchedulerClock: Sendable {
  private let kernel: any Kernel
  private let state = Mutex<[Int32: UInt64]?>(nil)

  init(through kernel: any Kernel) { self.kernel = kernel }

  /// One reading: the time on every processor at that moment.
  struct Moment: Sendable {
    fileprivate let clocks: [Int32: UInt64]
    /// How much later it is than when the clocks were compared.
    fileprivate let passed: UInt64

    /// Microseconds; nil for a processor that could not be asked.
    func now(on processor: Int32) -> UInt64? {
      clocks[processor].map { $0 +| passed }
    }
  }

  /// nil where the kernel has no such figures.
  func now() -> Moment? {
    let clocks = state.withLock { known in
      let found = known ?? Self.compare(kernel)
      known = found
      return found
    }
    guard !clocks.isEmpty, let own = own(clocks) else { return nil }
    return Moment(clocks: clocks, passed: own)
  }

  /// Microseconds since the comparison, by the clock of the processor that we run on now.
  private func own(_ clocks: [Int32: UInt64]) -> UInt64? {
    guard let last = ThreadProbe.lastRan("/proc/self/sched", kernel),
      let stat = ProcFile("/proc/self/stat", kernel).text.flatMap({ ProcStat($0) }),
      let then = stat.processor.flatMap({ clocks[$0] })
    else { return nil }
    return last -| then
  }

  private static func compare(_ kernel: any Kernel) -> [Int32: UInt64] {
    var found: [Int32: UInt64] = [:]
    guard let text = ProcFile(ProcessorClocks.path, kernel).text else { return found }
    text.span.forEachLine { line in
      var fields = FieldReader(line)
      guard let processor = fields.decimal().flatMap({ Int32(exactly: $0) }),
        fields.skip(word: " "),
        let now = fields.decimal()
      else { return }
      found[processor] = now
    }
    return found
  }
}
