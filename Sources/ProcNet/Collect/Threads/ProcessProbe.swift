/// Looks at processes and their threads, as they are at this moment, without touching them.
///
/// For another moment make another probe: what control groups say is asked once.
/// Costs about 0.1 ms per thread and 4 µs per descriptor on a live host.
public struct ProcessProbe: Sendable {
  /// What is worth reading; the process's name, state and parent always are.
  public struct Wants: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

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
    public static let commandLine = Wants(rawValue: 1 << 5)
    public static let all: Wants = [
      .threads, .descriptors, .watchLists, .limits, .controlGroup, .commandLine,
    ]
  }

  /// Threads of one process that are looked at; `threadCount` says how many there are.
  public static let mostThreads = 4096
  /// epoll instances of one process whose lists are read.
  static let mostWatchLists = 256
  /// Bytes of a command line that are kept.
  static let longestCommandLine = 4096

  let kernel: any Kernel
  let groups: FrozenCgroups
  let quotas: CPUQuotas
  private let calls: CallReader
  private let clock: SchedulerClock

  /// - Parameter architecture: How system calls are numbered, if the kernel behind the seam does
  ///   not know it itself.
  public init(through kernel: any Kernel, _ architecture: Architecture? = nil) {
    self.kernel = kernel
    let files = CgroupFiles(through: kernel)
    groups = FrozenCgroups(files)
    quotas = CPUQuotas(files)
    clock = SchedulerClock(through: kernel)
    calls = CallReader(kernel: kernel, architecture: architecture ?? kernel.architecture)
  }

  /// nil when there is no such process any more, or none that we may see.
  public func probe(_ process: Int32, wanting wants: Wants = .all) -> ProcessSnapshot? {
    guard let stat = file("stat", of: process).text.flatMap({ ProcStat($0) }) else { return nil }
    var snapshot = ProcessSnapshot(stat)
    snapshot.uid = file("status", of: process).text.flatMap { ProcStatus($0).effectiveUser }
    if wants.contains(.commandLine) { takeCommandLine(into: &snapshot) }
    if wants.contains(.limits) { takeLimits(into: &snapshot) }
    if wants.contains(.controlGroup) { takeControlGroup(into: &snapshot) }
    if !wants.isDisjoint(with: [.descriptors, .watchLists]) { takeDescriptors(into: &snapshot) }
    if wants.contains(.watchLists) { takeWatchLists(into: &snapshot) }
    if wants.contains(.threads) { takeThreads(into: &snapshot) }
    return snapshot
  }

  func file(_ name: String, of process: Int32, limit: Int = 1 << 20) -> ProcFile {
    ProcFile("/proc/\(process)/\(name)", kernel, limit: limit)
  }

  /// In ascending order, which with few exceptions is the order in which they began.
  private func takeThreads(into snapshot: inout ProcessSnapshot) {
    let process = snapshot.process
    guard let entries = try? kernel.entries(of: "/proc/\(process)/task") else { return }
    let numbers = entries.compactMap { Int32(procDigits: $0.name.utf8) }.sorted()
    let probe = ThreadProbe(kernel: kernel, calls: calls, process: process, clock: clock.now())
    let first = numbers.contains(process) ? [process] : []
    let others = numbers.filter { $0 != process }
    snapshot.threadCount = numbers.count
    snapshot.threads = (first + others).prefix(Self.mostThreads).compactMap { probe.probe($0) }
    if snapshot.isFrozen == nil, snapshot.threads.contains(where: \.isInFreezer) {
      snapshot.isFrozen = true
    }
    if snapshot.threads.contains(where: { $0.call?.beginsAtWorkingFolder == true }) {
      snapshot.workingFolder = try? kernel.link(at: "/proc/\(process)/cwd")
    }
    let living = Set(numbers)
    for index in snapshot.threads.indices { snapshot.threads[index].keepHolder(among: living) }
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
