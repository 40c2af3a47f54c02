/// The limit of processor time that a process is under, by its control group or one above it.
public struct CPUQuota: Sendable, Hashable {
  /// The group that has the limit: of several the one with the least.
  public var group: [UInt8]
  /// Microseconds of processor time in each period, of all threads in the group together.
  public var quota: UInt64
  /// Microseconds.
  public var period: UInt64
  /// Periods in which the group had something to do, and those in which it was held back; since the
  /// group was made. nil where the kernel does not say.
  public var periods: UInt64?
  public var throttledPeriods: UInt64?
  /// Microseconds in which it was held back, of all processors added up.
  public var throttledTime: UInt64?

  /// How many processors it may keep busy: 0.5 is half of one.
  public var processors: Double { Double(quota) / Double(max(period, 1)) }
}
