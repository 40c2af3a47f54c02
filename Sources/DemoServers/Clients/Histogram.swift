/// How often each duration was seen, in fixed memory however many there are.
///
/// Durations below 512 ns are kept exactly. Above, each power of two is divided into 256 equal
/// steps and a step answers with its middle, so a percentile is off by less than 0.2 per cent
/// (half of 1/256). The smallest and the largest are exact.
public struct Histogram: Sendable {
  /// 2 to this power are the steps of a power of two.
  private static let precision = 8
  private static let steps = 1 << precision

  /// Grows to the largest duration seen: 65 KiB for seconds.
  private var buckets: [UInt64] = []
  public private(set) var count: UInt64 = 0
  /// Nanoseconds; nil while nothing was recorded.
  public private(set) var least: UInt64?
  public private(set) var most: UInt64?

  public init() {}

  public mutating func record(_ nanoseconds: UInt64) {
    let bucket = Self.bucket(of: nanoseconds)
    while buckets.count <= bucket {
      buckets.append(contentsOf: repeatElement(0, count: Self.steps))
    }
    buckets[bucket] &+= 1
    count &+= 1
    least = min(least ?? nanoseconds, nanoseconds)
    most = max(most ?? nanoseconds, nanoseconds)
  }

  /// The smallest duration that this percentage of all did not exceed (nearest rank); nil while
  /// nothing was recorded.
  public func percentile(_ percent: UInt64) -> UInt64? {
    guard let least, let most else { return nil }
    let rank = Self.rank(percent, of: count)
    if rank <= 1 { return least }
    if rank >= count { return most }
    var seen: UInt64 = 0
    for (index, number) in buckets.enumerated() {
      seen &+= number
      if seen >= rank { return min(max(Self.middle(of: index), least), most) }
    }
    return most
  }

  /// count × percent ÷ 100, rounded up, at least 1.
  private static func rank(_ percent: UInt64, of count: UInt64) -> UInt64 {
    let product = count.multipliedFullWidth(by: min(percent, 100))
    let (whole, rest) = (100 as UInt64).dividingFullWidth(product)
    return max(1, rest == 0 ? whole : whole + 1)
  }

  /// Twice 256 exact ones, then 256 for each further power of two.
  private static func bucket(of value: UInt64) -> Int {
    let power = UInt64.bitWidth - 1 - value.leadingZeroBitCount
    guard power > precision else { return Int(value) }
    let shift = power - precision
    let step = Int(value >> UInt64(shift)) - steps
    return (shift + 1) * steps + step
  }

  private static func middle(of bucket: Int) -> UInt64 {
    guard bucket >= 2 * steps else { return UInt64(bucket) }
    let shift = UInt64(bucket / steps - 1)
    let first = UInt64(bucket % steps + steps) << shift
    return first + (1 << shift) / 2
  }
}
