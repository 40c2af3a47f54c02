import ProcNet

/// Something that is wrong, or worth knowing: what, its subject, its evidence, and what to do.
///
/// The kind has the texts that hold for all findings of that kind (`FindingKind`); the finding
/// those that hold for this one. Its texts contain names of programs and paths as they are: the
/// code that shows them makes them safe.
public struct Finding: Sendable {
  public let kind: FindingKind
  /// What it can cause; that of its kind, unless the rule sets another.
  var rank: CauseRank
  public var severity: Severity
  /// One sentence that says it with its figures, without a full stop.
  public var title: String
  public var subject: Subject
  /// What goes on, a paragraph each.
  public var story: [String] = []
  public var evidence: [Evidence] = []
  /// What to do about it, what not to do, and how to see it by hand; what is special to this
  /// finding comes first.
  public var remedy: [String]
  public var avoid: [String]
  public var check: [String]
  public var confidence: Confidence
  /// Findings that cause this one.
  public var causes: [FindingReference] = []
  /// Who waits for whom, from here to the root cause.
  public var chain: [ChainLink] = []
  /// Those of other workers, which wait for something else: they have causes of their own.
  var otherChains: [[ChainLink]] = []
  var chains: [[ChainLink]] { [chain] + otherChains }
  /// It merely says that something waits: left out where another finding about the same listener,
  /// or about a process that has it open, says why.
  var isFallback = false
  /// How much waits behind it; nil where that is not known.
  public var waiting: Waiting?
  /// The one clause that matters, where the end of the chain is not it: `all 3 worker processes wait
  /// for silent clients`.
  public var clause: String?
  /// The busy workers of the server, where that is what it is about.
  public var workers: [BusyWorker] = []

  /// Requests and connections that wait, and for how long.
  public struct Waiting: Sendable, Hashable {
    public var requests: Int?
    public var connections: Int?
    /// Milliseconds that the oldest of them has been waiting.
    public var oldest: UInt64?

    public init(requests: Int? = nil, connections: Int? = nil, oldest: UInt64? = nil) {
      (self.requests, self.connections, self.oldest) = (requests, connections, oldest)
    }

    init(_ listener: ObservedListener) {
      self.init(
        connections: listener.length > 0 ? Int(listener.length) : nil,
        oldest: listener.listener.acceptQueue?.oldest.map(UInt64.init))
    }

    /// The same with connections that another finding counts.
    func joined(with other: Waiting?) -> Waiting {
      Waiting(
        requests: requests ?? other?.requests, connections: connections ?? other?.connections,
        oldest: [oldest, other?.oldest].compactMap(\.self).max())
    }

    init(_ stall: Stall) { self.init(requests: stall.requests.count, oldest: stall.oldest) }
  }
  /// The network namespace that it is about, where the subject has none.
  public var namespace: UInt32?
  /// The name of that of its subject, `netns blue`, where it is not the tool's own.
  public var namespaceName: String?

  public init(
    _ kind: FindingKind, _ severity: Severity, _ title: String, about subject: Subject,
    confidence: Confidence = .certain
  ) {
    self.kind = kind
    rank = kind.rank
    self.severity = severity
    self.title = title
    self.subject = subject
    self.confidence = confidence
    remedy = kind.remedy
    avoid = kind.avoid
    check = []
  }

  /// Replaces the first remedy of the kind by one that helps here at once.
  mutating func beginRemedy(with special: String) {
    remedy = [special] + remedy.dropFirst()
  }

  /// Fills in the commands to check with, and the figures that remedies ask for.
  mutating func fill(_ placeholders: Placeholders) {
    check = placeholders.commands(kind.check)
    remedy = remedy.map(placeholders.filled)
  }

  public var id: String { kind.id }
  public var reference: FindingReference { FindingReference(id: id, subject: subject) }
  /// No other finding causes it.
  public var isCause: Bool { causes.isEmpty }
}

/// A finding by its id and subject.
public struct FindingReference: Sendable, Hashable {
  public var id: String
  public var subject: Subject

  public init(id: String, subject: Subject) {
    self.id = id
    self.subject = subject
  }
}

/// How sure a finding is.
public enum Confidence: Int, Sendable, Comparable, CaseIterable {
  /// Something else could look like this.
  case possible
  /// A fact that would prove it could not be seen.
  case likely
  /// The kernel says so.
  case certain

  /// A sentence for people.
  public var meaning: String {
    switch self {
    case .possible: "Something else could look the same."
    case .likely: "A fact that would prove it could not be seen."
    case .certain: "The kernel says so."
    }
  }

  public var name: String {
    switch self {
    case .possible: "possible"
    case .likely: "likely"
    case .certain: "certain"
    }
  }

  public static func < (left: Confidence, right: Confidence) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// How much a finding matters, in the order in which findings are shown.
public enum Severity: Int, Sendable, Comparable, CaseIterable {
  case notice, warning, critical

  public var name: String {
    switch self {
    case .notice: "notice"
    case .warning: "warning"
    case .critical: "critical"
    }
  }

  /// A sentence for people.
  public var meaning: String {
    switch self {
    case .critical: "The server does not serve its clients, or not all of them."
    case .warning: "Trouble has begun, or is near."
    case .notice: "Worth knowing; on its own it is not a fault."
    }
  }

  public static func < (left: Severity, right: Severity) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// What a finding is about.
public enum Subject: Sendable, Hashable {
  case listener(SocketName)
  case socket(SocketName)
  case process(ProcessName)
  case host
}

/// One fact that a finding rests on, and its source.
public struct Evidence: Sendable, Hashable {
  /// What it is: `accept queue`.
  public var fact: String
  public var value: Value
  /// `connections`, `ms`, `bytes`; nil for words and bare numbers.
  public var unit: String?
  /// `sock_diag idiag_rqueue`, `/proc/3040/syscall`.
  public var source: String
  /// The process, thread or connection that the fact belongs to.
  public var place = Place()

  public enum Value: Sendable, Hashable {
    case number(Int64)
    case text(String)
    case flag(Bool)
  }

  /// The process, thread, descriptor and connection that a fact belongs to.
  public struct Place: Sendable, Hashable {
    public var process: Int32?
    public var thread: Int32?
    public var descriptor: Int32?
    public var local: Endpoint?
    public var peer: Endpoint?
    /// unix: the path.
    public var path: [UInt8]?

    public init() {}
  }

  public init(_ fact: String, _ value: Value, unit: String? = nil, source: String) {
    self.fact = fact
    self.value = value
    self.unit = unit
    self.source = source
  }

  public init(_ fact: String, _ number: some BinaryInteger, unit: String? = nil, source: String) {
    self.init(fact, .number(Int64(clamping: number)), unit: unit, source: source)
  }

  public init(_ fact: String, _ text: String, source: String) {
    self.init(fact, .text(text), source: source)
  }

  /// The same with a process and thread.
  public func of(process: Int32?, thread: Int32? = nil, descriptor: Int32? = nil) -> Evidence {
    var copy = self
    copy.place.process = process ?? place.process
    copy.place.thread = thread ?? place.thread
    copy.place.descriptor = descriptor ?? place.descriptor
    return copy
  }

  /// The same with a connection.
  public func on(_ socket: borrowing Socket) -> Evidence {
    var copy = self
    if socket.netid.isUnix {
      copy.place.path = socket.path
    } else {
      copy.place.local = socket.local
      if socket.peer.port != 0 { copy.place.peer = socket.peer }
    }
    return copy
  }
}

/// The texts of a kind of finding that hold for all of its findings; `diagnose`, `explain` and
/// sockinspect-findings(7) share them.
///
/// Prose marks literal words with backquotes: `accept(2)`, `net.core.somaxconn`. In commands
/// PORT, PID, TID, FD, INODE, PATH and the like stand for those of the subject.
public struct FindingKind: Sendable {
  /// Stable; never changes its meaning.
  public let id: String
  /// What it can cause, and what can cause it.
  let rank: CauseRank
  /// The severities that it can have, the worst one first.
  public let severities: [Severity]
  /// A heading, without a full stop.
  public let title: String
  /// One sentence.
  public let means: String
  /// The condition under which it is reported, with the thresholds.
  public let condition: String
  /// What happens in kernel and program, and why it matters.
  public let explanation: String
  /// What helps at once comes first; a finding may replace it by something more exact.
  public let remedy: [String]
  /// What seems to help and does not.
  public let avoid: [String]
  /// Commands to see it by hand.
  public let check: [String]
  /// Scenarios that show it: `sockinspect demo NAME --hold`.
  public let demo: [String]
}

/// From root causes to mere symptoms: a finding of an earlier rank can cause those of a later one.
enum CauseRank: Int, Sendable, Comparable {
  /// A process or the host as a whole cannot go on.
  case condition
  /// The other side of a connection does not send, read or acknowledge.
  case client
  /// Something that threads need is used up or locked.
  case resource
  /// Threads wait for another server.
  case upstream
  /// The threads that should serve do not.
  case server
  /// Requests wait inside a server.
  case unanswered
  /// Requests are dropped before they reach an accept queue.
  case requests
  case queue
  case queueEffect
  /// What single connections show.
  case connection
  /// Stands alone: neither cause nor effect.
  case aside

  static func < (left: CauseRank, right: CauseRank) -> Bool { left.rawValue < right.rawValue }

  /// Whether a finding of this rank can be the cause of one of another.
  func canCause(_ effect: CauseRank) -> Bool {
    // A server that is stuck makes the one in front of it wait.
    if self == .server, effect == .server || effect == .upstream { return true }
    return self < effect && effect != .aside
  }
}
