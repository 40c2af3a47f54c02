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
