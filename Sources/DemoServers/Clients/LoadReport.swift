/// Where a load stands while it runs.
public struct LoadProgress: Sendable, Equatable {
  public var counts: LoadCounts
  /// Clients that have a connection now.
  public var open: Int
  /// Clients whose connect has not finished or whose answer has not come.
  public var waiting: Int
}

/// What came of a load.
public struct LoadReport: Sendable {
  public var plan: LoadPlan
  /// Connections that the limit of open files allowed.
  public var connections: Int
  public var progress: LoadProgress
  public var end: LoadEnd
  /// Nanoseconds.
  public var duration: UInt64
  /// From the message's first byte to its answer's last.
  public var latency: Histogram
  /// From the call to the end of the handshake.
  public var connectTime: Histogram

  /// Connects that had neither succeeded nor failed at the end.
  public var unconnected: Int

  /// Messages sent whole whose answer is missing.
  public var unanswered: Int { max(0, progress.counts.sent - progress.counts.answered) }

  /// Answers in a thousand seconds, rounded down; nil when nothing was asked.
  public var answersPerKilosecond: UInt64? {
    guard progress.counts.sent > 0, plan.kind == .talk, duration > 0 else { return nil }
    let product = UInt64(progress.counts.answered).multipliedFullWidth(
      by: 1000 * Clock.second)
    guard product.high < duration else { return nil }
    return duration.dividingFullWidth(product).quotient
  }

  /// Something was connected, and no answer is missing that the load had all the time for.
  public var didWhatWasAsked: Bool {
    if progress.counts.connected == 0 { return false }
    guard end == .finished, plan.kind.sendsMessages, let requests = plan.requests else {
      return true
    }
    let done = plan.kind == .talk ? progress.counts.answered : progress.counts.sent
    return done >= requests
  }
}

/// Why a load ended.
public enum LoadEnd: String, Sendable, CaseIterable {
  /// Every client has done its part, or could not go on.
  case finished
  /// The duration that was asked for is over.
  case time
  case input
  case signal
}

/// What has happened to a load so far.
public struct LoadCounts: Sendable, Equatable {
  /// Connections begun, those of second attempts too.
  public var begun = 0
  /// Connections that came about.
  public var connected = 0
  /// Messages sent to their last byte.
  public var sent = 0
  public var answered = 0
  /// Answers that were not the message itself.
  public var wrong = 0
  /// Messages sent again because the server closed, between two messages, just then.
  public var repeated = 0
  /// Connections that the server closed while the client still wanted something.
  public var closedByServer = 0
  public var refused = 0
  public var reset = 0
  /// Connects and answers that did not come in time.
  public var timedOut = 0
  /// How often something else went wrong, by what it was.
  public var otherFailures: [String: Int] = [:]
  public var bytesSent: UInt64 = 0
  public var bytesReceived: UInt64 = 0

  public init() {}

  mutating func count(failure number: Int32) {
    if ClientFailure.isRefused(number) {
      refused += 1
    } else if ClientFailure.isReset(number) {
      reset += 1
    } else if ClientFailure.isTimeOut(number) {
      timedOut += 1
    } else {
      otherFailures[ClientFailure.words(number), default: 0] += 1
    }
  }
}

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
