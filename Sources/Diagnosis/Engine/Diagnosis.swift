import ProcNet

/// What was found on a host, and what could not be read.
public struct Diagnosis: Sendable {
  /// Worst first, causes before what follows from them.
  public var findings: [Finding]
  /// What was not evaluated, and why.
  public var gaps: [Gap]
  /// How much was read.
  public var scope: Scope

  /// What the answer covers.
  public struct Scope: Sendable {
    /// How many network namespaces were read.
    public var namespaces = 1
    public var listeners = 0
    public var sockets = 0
    public var processes = 0
    /// The number of samples: two, and a third where something looked suspicious.
    public var samples = 1
    /// Requests that wait for an answer as long polls do, and milliseconds since the oldest came.
    public var openRequests = 0
    public var oldestRequest: UInt64 = 0
    /// Requests that wait at servers whose processes may not be seen.
    public var hiddenRequests = 0
    /// Connections that waited in accept queues at the last sample.
    public var queued = 0
    /// Of these, those of which no sample tells whether they are always the same ones, at
    /// listeners where some waited each time.
    public var unclear = 0
    /// Milliseconds from the first look to the last; nil when there was but one.
    public var interval: UInt64?

    public init() {}
  }

  public init(findings: [Finding], gaps: [Gap], scope: Scope) {
    self.findings = findings
    self.gaps = gaps
    self.scope = scope
  }

  /// The worst of the findings; nil when there are none.
  public var severity: Severity? { findings.map(\.severity).max() }
  /// The finding that the answer begins with.
  public var headline: Finding? { findings.first }
}
