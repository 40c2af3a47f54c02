import ProcNet

/// A process in both samples.
public struct ObservedProcess: Sendable {
  public var snapshot: ProcessSnapshot
  public var threads: [ObservedThread]
  /// Inode → the lowest descriptor that leads to it.
  public var sockets: [UInt32: Int32]
  /// Inodes that its epoll instances watch for something to read or accept, whether or not a thread
  /// waits in them, and the instances' descriptors.
  public var watched: [UInt32: Int32]

  /// Microseconds between the samples in which its group was held back by its CPU quota.
  public var throttled: UInt64?

  struct Samples {
    var now: ProcessSnapshot
    var before: ProcessSnapshot?
  }

  init(_ now: ProcessSnapshot, before: ProcessSnapshot?) {
    // If another process has the number now, the earlier sample is not about this one.
    let same = before?.startTicks == now.startTicks ? before : nil
    let samples = Samples(now: now, before: same)
    snapshot = now
    let old = Dictionary(
      (same?.threads ?? []).map { ($0.thread, $0) }, uniquingKeysWith: { first, _ in first })
    threads = now.threads.map { ObservedThread($0, old[$0.thread], samples) }
    sockets = Self.sockets(now)
    throttled = same?.cpuQuota?.throttledTime.flatMap { old in
      now.cpuQuota?.throttledTime.map { $0 -| old }
    }
    watched = Self.watched(now)
  }

  public var process: Int32 { snapshot.process }
  public var name: ProcessName { ProcessName(process: process, command: snapshot.command) }

  /// Stopped, traced or frozen as a whole.
  public var isHalted: Bool { !threads.isEmpty && threads.allSatisfy(\.wait.isHalted) }
  /// Stopped at a terminal, as Ctrl-Z does: a person did that and can continue it.
  var isSuspended: Bool {
    snapshot.hasTerminal && !threads.isEmpty && threads.allSatisfy { $0.wait.kind == .stopped }
  }
  /// What its threads do cannot be read.
  public var isOpaque: Bool { snapshot.isOpaque }

  private static func sockets(_ process: ProcessSnapshot) -> [UInt32: Int32] {
    var found: [UInt32: Int32] = [:]
    for (descriptor, target) in process.descriptors ?? [:] {
      guard case .socket(let inode) = target else { continue }
      found[inode] = min(found[inode] ?? .max, descriptor)
    }
    return found
  }

  private static func watched(_ process: ProcessSnapshot) -> [UInt32: Int32] {
    var found: [UInt32: Int32] = [:]
    for (epoll, members) in process.watchLists {
      // Without EPOLLIN it stays in the set and wakes no thread: some servers pause like this.
      for member in members where member.forReading {
        if let inode = member.inode {
          found[UInt32(truncatingIfNeeded: inode)] = epoll
        } else if case .socket(let inode)? = process.descriptors?[member.descriptor] {
          found[inode] = epoll
        }
      }
    }
    return found
  }
}

/// A thread in both samples: what it waits for, and whether it has moved.
public struct ObservedThread: Sendable {
  public var process: ProcessName
  public var snapshot: ThreadSnapshot
  /// What it waited for in the first sample, and in the second.
  public var earlier: Wait?
  public var wait: Wait
  /// It slept all the time in one call; nil with a single sample, or where that cannot be read.
  public var isSteady: Bool?
  /// It was switched to between the samples, for however short a time; nil as above.
  public var hasWoken: Bool?
  /// Clock ticks of processor time between the samples; nil also for figures that cannot be.
  public var ticks: UInt64?
  /// Nanoseconds between the samples in which it could run and no processor was free.
  public var waitedForCPU: UInt64?

  public var thread: Int32 { snapshot.thread }
  /// Milliseconds since it last ran; nil where the kernel does not say.
  public var asleep: UInt64? { snapshot.asleep }
  /// What it calls itself: threads of a pool or of a runtime have names of their own.
  public var ownName: String { String(rawBytes: snapshot.command) }

  /// The name of its call, or of its state; nil when it could not be seen.
  var callName: String? {
    switch wait.kind {
    case .running: "running"
    case .stopped: "stopped"
    case .traced: "traced"
    case .frozen: "frozen"
    case .memory: "waits for memory"
    case .unknown: nil
    default: wait.call ?? snapshot.call?.name?.rawValue
    }
  }

  init(_ now: ThreadSnapshot, _ before: ThreadSnapshot?, _ process: ObservedProcess.Samples) {
    self.process = ProcessName(process: process.now.process, command: process.now.command)
    snapshot = now
    wait = WaitReading.wait(of: now, in: process.now)
    guard let before, let old = process.before else { return }
    earlier = WaitReading.wait(of: before, in: old)
    ticks = [now.userTicks, now.kernelTicks].checkedSum.flatMap { sum in
      [before.userTicks, before.kernelTicks].checkedSum.flatMap { sum.difference(from: $0) }
    }
    hasWoken = hasWoken(now, before)
    isSteady = isSteady(now, before)
    waitedForCPU = before.runDelay.flatMap { now.runDelay?.difference(from: $0) }
  }

  /// Same call with the same arguments, and not once switched to meanwhile. A wait for a lock that
  /// wakes up now and then and goes to sleep again without processor time has not moved either.
  private func isSteady(_ now: ThreadSnapshot, _ before: ThreadSnapshot) -> Bool? {
    guard let hasWoken else { return nil }
    guard now.activity == before.activity else { return false }
    let isLock = wait.kind == .lock || wait.kind == .fileLock
    return !hasWoken || (isLock && ticks == 0)
  }

  private func hasWoken(_ now: ThreadSnapshot, _ before: ThreadSnapshot) -> Bool? {
    guard let switches = now.voluntarySwitches, let old = before.voluntarySwitches else {
      return nil
    }
    return switches != old || now.forcedSwitches != before.forcedSwitches
  }

  /// It was in this kind of wait in both samples, or in the only one.
  func stays(_ kind: Wait.Kind) -> Bool {
    wait.kind == kind && (earlier == nil || earlier?.kind == kind)
  }

  /// It computed between the samples: it used 30 % of a CPU or more, or would have.
  func burns(over interval: UInt64?) -> Bool {
    guard let ticks, let interval, interval > 0 else { return wait.kind == .running }
    // Runnable in both samples: on a crowded machine it gets little CPU time, and wants it all.
    if stays(.running) { return ticks > 0 }
    // 1 tick = 10 ms; on a crowded machine it gets only its share of the CPUs.
    return Self.share(ofTicks: ticks, interval) >= Self.leastShare || wasReady(over: interval)
  }

  /// It computed or waited for a CPU for 90 % of the time, so hardly for anything else.
  func wasReady(over interval: UInt64) -> Bool {
    guard let ticks, ticks > 0, let waitedForCPU else { return false }
    let waited = waitedForCPU.percent(of: Int128(interval) * 1_000_000)
    return waited + Self.share(ofTicks: ticks, interval) >= 90
  }

  /// Per cent of one CPU that counts as computing all the time: two such threads on one busy CPU
  /// get half of it each, and a burst of work within the interval is less.
  static let leastShare: Int128 = 30

  /// Per cent of one CPU that clock ticks are within an interval in milliseconds.
  static func share(ofTicks ticks: UInt64, _ interval: UInt64) -> Int128 {
    ticks.scaled(by: 10 * 100, over: interval)
  }

  /// Milliseconds of processor time; nil also where the ticks are more than can be.
  var processorTime: UInt64? { ticks?.product(10) }

  /// It would take a new connection from one of these, in either sample.
  func accepts(_ listeners: Set<UInt32>) -> Bool {
    !wait.isHalted && (wait.accepts(listeners) || earlier?.accepts(listeners) == true)
  }
}

/// Processes that have nearly as many files open as they may.
///
/// Costs one `stat` per process; limits and descriptors are read only of those that stand out.
public struct DescriptorUse: Sendable {
  /// How a process uses its descriptors.
  public struct Use: Sendable {
    public var process: ProcessName
    public var open: Int64
    public var limit: UInt64
    /// How many of them are sockets; nil where that cannot be read.
    public var sockets: Int?

    /// Programs that lock themselves in set a limit of 0 or a few on purpose.
    private static let leastLimit: UInt64 = 16
    /// Per cent.
    private static let highShare = 90

    /// Near the limit, or at it.
    public var isHigh: Bool {
      limit >= Self.leastLimit && open.percent(of: limit) >= Self.highShare
    }
  }

  public private(set) var uses: [Use] = []

  /// The limit of a process with fewer open files is not read: hardly any server has one so low,
  /// and suspicious processes are read anyway.
  static let fewest: Int64 = 200

  public init() {}

  init(_ host: HostProcesses, _ looked: [Int32: ObservedProcess], through kernel: any Kernel) {
    let probe = ProcessProbe(through: kernel)
    for stat in host.processes {
      guard let use = Self.use(stat, looked[stat.process], probe, kernel), use.isHigh else {
        continue
      }
      uses.append(Self.counted(use, looked[stat.process], kernel))
    }
  }

  private static func use(
    _ stat: ProcStat, _ looked: ObservedProcess?, _ probe: ProcessProbe, _ kernel: any Kernel
  ) -> Use? {
    let snapshot: ProcessSnapshot
    if let looked {
      snapshot = looked.snapshot
    } else {
      guard let size = (try? kernel.identity(of: "/proc/\(stat.process)/fd"))?.size,
        size >= fewest, let found = probe.probe(stat.process, wanting: .limits)
      else { return nil }
      snapshot = found
    }
    guard let open = snapshot.openFiles, case .count(let limit)? = snapshot.openFilesLimit else {
      return nil
    }
    let name = ProcessName(process: stat.process, command: stat.command)
    return Use(process: name, open: open, limit: limit, sockets: nil)
  }

  private static func counted(
    _ use: Use, _ looked: ObservedProcess?, _ kernel: any Kernel
  ) -> Use {
    let probe = ProcessProbe(through: kernel)
    let descriptors =
      looked?.snapshot.descriptors
      ?? probe.probe(use.process.process, wanting: .descriptors)?.descriptors
    var counted = use
    counted.sockets = descriptors?.values.count {
      if case .socket = $0 { true } else { false }
    }
    return counted
  }
}
