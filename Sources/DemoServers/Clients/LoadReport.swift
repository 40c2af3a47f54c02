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
