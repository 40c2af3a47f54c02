import ProcNet

/// Why threads that are ready to run get little processor time.
struct CPUShortage {
  enum Reason {
    /// The quota of their control group is used up; milliseconds for which it was held back.
    case quota(CPUQuota, held: UInt64)
    /// Others have the CPUs; per cent of the time that a thread waited for a free one.
    case crowd(Int128)
  }

  let reason: Reason

  /// Per cent of the time that a thread waits for a processor on a host that has too few.
  private static let shortShare: Int128 = 15
  /// Per cent of a CPU; a thread that gets more is busy, not starved.
  private static let starvedShare: Int128 = 25

  /// nil where each had a CPU when it needed one, or where that is not known.
  init?(_ processes: [ObservedProcess], over interval: UInt64?) {
    guard let interval, interval > 0 else { return nil }
    if let held = processes.first(where: { ($0.throttled ?? 0) > 0 }),
      let quota = held.snapshot.cpuQuota
    {
      reason = .quota(quota, held: (held.throttled ?? 0) / 1000)
      return
    }
    let waited = processes.flatMap(\.threads).compactMap(\.waitedForCPU).max() ?? 0
    let share = waited.percent(of: Int128(interval) * 1_000_000)
    guard share >= Self.shortShare else { return nil }
    reason = .crowd(share)
  }

  /// Of one thread that gets far less than it could use.
  init?(_ thread: ObservedThread, in host: HostObservation) {
    guard let interval = host.interval, interval > 0, let ticks = thread.ticks,
      ObservedThread.share(ofTicks: ticks, interval) <= Self.starvedShare,
      let process = host.processes[thread.process.process]
    else { return nil }
    self.init([process], over: interval)
    if case .crowd(let share) = reason, share < 100 - Self.starvedShare { return nil }
  }

  /// `the CPU quota of control group /shop is used up (10 ms in each 100 ms)`.
  var clause: String {
    switch reason {
    case .quota(let quota, _):
      """
      the CPU quota of control group \(group(quota)) is used up (\(quota.quota / 1000) ms in each \
      \(quota.period / 1000) ms)
      """
    case .crowd: "others have the CPUs"
    }
  }

  var sentence: String {
    switch reason {
    case .quota(let quota, let held):
      """
      The CPU quota of control group \(group(quota)) is used up: it gives \(quota.quota / 1000) ms in \
      each \(quota.period / 1000) ms, and held the group back for \(Phrase.duration(held)).
      """
    case .crowd(let share):
      """
      They were ready to run and waited for a free CPU for up to \(share) % of the time: CPUs are \
      short.
      """
    }
  }

  var remedy: String {
    switch reason {
    case .quota(let quota, _):
      """
      Raise the CPU quota of control group \(group(quota)) (CPUQuota= of the systemd unit, --cpus of \
      the container), or give it less to do.
      """
    case .crowd: "See what uses the CPUs (`top`), and end it, move it, or give it a lower priority."
    }
  }

  private func group(_ quota: CPUQuota) -> String { String(rawBytes: quota.group) }
}
