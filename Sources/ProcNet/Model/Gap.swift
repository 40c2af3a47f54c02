/// Something that could not be looked at, why, and what would help. Unknown is not zero: an
/// answer with gaps says so.
public struct Gap: Sendable, Hashable {
  /// What kind of thing is missing, in one word for programs.
  public var kind: Kind
  /// What is missing: `owners of 12 processes`.
  public var missing: String
  /// Why: `permission denied`.
  public var reason: String
  /// What would show it; nil when nothing would.
  public var remedy: String?
  /// Not one row of a table of sockets was read: what is in it can be anything.
  public var isWholeTable: Bool
  /// It changes nothing in what was shown: programs get to know of it, people do not.
  var isMoot = false

  /// What a gap is about; the raw value is the word that JSON has.
  public enum Kind: String, Sendable, CaseIterable {
    /// Whole tables, or rows of them.
    case sockets
    /// Limits of accept queues.
    case limits
    /// Accept queues of unix listeners.
    case queues
    /// How many connections or packets listeners dropped.
    case drops
    /// Which processes hold sockets.
    case owners
    /// Other network namespaces of the host.
    case namespaces
    /// The kernel's protocol counters.
    case counters
    /// None of these: names, say.
    case other
  }

  /// `1 process`, `12 processes`: the numbers in what is missing.
  static func count(_ number: some BinaryInteger, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }

  /// A gap of the parts of its sentence, see `message`.
  public init(
    _ kind: Kind = .other, missing: String, reason: String, remedy: String? = nil,
    isWholeTable: Bool = false
  ) {
    self.kind = kind
    self.missing = missing
    self.reason = reason
    self.remedy = remedy
    self.isWholeTable = isWholeTable
  }

  /// One sentence without a full stop.
  public var message: String {
    let ending = remedy.map { "; \($0)" } ?? ""
    return "\(missing) not shown: \(reason)\(ending)"
  }
}

extension [Gap] {
  /// Those that may change what was shown.
  public var telling: [Gap] { filter { !$0.isMoot } }

  /// Marks what is missing of one kind as changing nothing.
  public mutating func setMoot(_ kind: Gap.Kind) {
    for place in indices where self[place].kind == kind { self[place].isMoot = true }
  }
}
