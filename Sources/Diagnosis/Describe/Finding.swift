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
        connections: Int(listener.length),
        oldest: listener.listener.acceptQueue?.oldest.map(UInt64.init))
    }

    init(_ stall: Stall) { self.init(requests: stall.requests.count, oldest: stall.oldest) }
  }
  /// The network namespace that it is about, where the subject has none.
  public var namespace: UInt32?

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
