/// A duration as it lies in a process's memory: two signed 64 bit numbers.
enum TimeValue {
  static let length = 16

  /// Milliseconds of a `struct timespec` (seconds and nanoseconds), rounded up; nil when the
  /// bytes are too few or no valid duration.
  static func milliseconds(timespec: Span<UInt8>) -> UInt64? {
    milliseconds(timespec, perSecond: 1_000_000_000)
  }

  /// The same of a `struct timeval` (seconds and microseconds).
  static func milliseconds(timeval: Span<UInt8>) -> UInt64? {
    milliseconds(timeval, perSecond: 1_000_000)
  }

  private static func milliseconds(_ bytes: Span<UInt8>, perSecond: UInt64) -> UInt64? {
    guard bytes.count >= length else { return nil }
    let (seconds, fraction) = (bytes.number64(at: 0), bytes.number64(at: 8))
    let perMillisecond = perSecond / 1000
    // The kernel takes whatever has more seconds than it can count as without an end.
    guard seconds < UInt64.max / 1000 / 2, fraction < perSecond else { return nil }
    return seconds * 1000 + (fraction + perMillisecond - 1) / perMillisecond
  }
}
