import ProcNet

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
