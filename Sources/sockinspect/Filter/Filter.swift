import ProcNet

/// Which sockets are asked for: ss's language and more, see sockinspect-filter(7).
struct Filter: Sendable {
  /// What was asked for, as it was read.
  let expression: Expression
  /// States that a matching socket can have; nil when the filter does not speak of states, so
  /// that the caller's default applies.
  let states: StateSet?
  /// Families that a matching socket can be of; nil for any.
  let families: FamilySet?
  /// Kinds that a matching socket can be of; nil for any.
  let netids: NetidSet?
  /// A lone selector (`:8080`, `pid:812`, `nginx`), which asks for sockets in every state.
  let isSelector: Bool
  /// What must be collected before `matches` can answer.
  let needs: FilterNeeds
  /// One line each: where a word could have been meant otherwise.
  let warnings: [String]
  /// The same meaning in the order in which it is cheapest to answer.
  private let plan: Expression
  private let negationsInside: Expression

  /// Reads the arguments that are left of a command line; each may hold several words.
  static func parse(
    _ words: [String], _ context: ParseContext
  ) throws(FilterError) -> Filter {
    var parser = try FilterParser(words.joined(separator: " "), context)
    if let selector = try parser.loneSelector() {
      return Filter(selector, isSelector: true, warnings: parser.warnings)
    }
    let expression = try parser.filter()
    return Filter(expression, isSelector: false, warnings: parser.warnings)
  }

  init(_ expression: Expression, isSelector: Bool = false, warnings: [String] = []) {
    self.expression = expression
    self.isSelector = isSelector
    self.warnings = warnings.map { PrintableInput.line($0) }
    negationsInside = expression.withNegationsInside()
    plan = negationsInside.cheapestFirst()
    needs = expression.needs
    let candidates = CandidateSet.of(negationsInside)
    let named = (isSelector ? StateSet.every : .all).union(expression.namedStates)
    states = expression.speaksOfStates ? candidates.states.intersection(named) : nil
    families = candidates.families == .all ? nil : candidates.families
    netids = candidates.netids == .all ? nil : candidates.netids
  }

  var isEmpty: Bool { expression == .always }

  /// Whether a socket is wanted. Only what `needs` names is looked up, and only when the rest of
  /// the answer depends on it.
  func matches(_ socket: borrowing Socket, _ context: any SocketContext) -> Bool {
    if let states, !states.contains(socket.state) { return false }
    return plan.matches(socket, context)
  }

  /// inet_diag byte code for the kernel, which keeps every internet socket that matches, and as
  /// few others as it can tell apart; nil when it can't tell any.
  func kernelProgram() -> [UInt8]? {
    KernelProgram.compile(negationsInside)
  }

  /// What has to be collected, in the listing's terms.
  var collected: Needs {
    var collected: Needs = []
    if needs.contains(.tcp) { collected.insert(.tcp) }
    if needs.contains(.memory) { collected.insert(.memory) }
    if !needs.isDisjoint(with: [.attributes, .service, .container, .controlGroup]) {
      collected.insert(.attributes)
    }
    if !needs.isDisjoint(with: [.owners, .service, .container]) { collected.insert(.owners) }
    if needs.contains(.peerOwners) { collected.formUnion([.owners, .peers]) }
    if needs.contains(.ownership) { collected.insert(.ownership) }
    return collected
  }
}

/// What must be collected before a filter can answer, beyond the bare rows.
struct FilterNeeds: OptionSet, Sendable, Hashable {
  let rawValue: UInt16
  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `SocketDetails.tcp`.
  static let tcp = FilterNeeds(rawValue: 1)
  /// `SocketDetails.memory`.
  static let memory = FilterNeeds(rawValue: 2)
  /// `SocketDetails.mark` and `cgroupID`.
  static let attributes = FilterNeeds(rawValue: 4)
  /// Which processes hold the socket.
  static let owners = FilterNeeds(rawValue: 8)
  /// Which processes hold the other end of a local connection.
  static let peerOwners = FilterNeeds(rawValue: 16)
  /// Whether a row is queued, an orphan, …: needs the listeners.
  static let ownership = FilterNeeds(rawValue: 32)
  static let service = FilterNeeds(rawValue: 64)
  static let container = FilterNeeds(rawValue: 128)
  /// The cgroup's path.
  static let controlGroup = FilterNeeds(rawValue: 256)
  /// Names of users.
  static let userNames = FilterNeeds(rawValue: 512)
  /// Names of network namespaces.
  static let namespaceNames = FilterNeeds(rawValue: 1024)
}

/// What is wrong with a filter, and where: one wrong word of the text as it was typed.
struct FilterError: Error, Sendable, Equatable {
  /// One line without a full stop, the nearest right word included.
  var message: String
  /// The arguments joined by blanks.
  var text: String
  /// Where the wrong word begins, in characters (Unicode scalars) of the text.
  var position: Int
  /// How long it is; 1 past the end of the text.
  var length: Int
  /// The word that was probably meant.
  var suggestion: String?
  /// Why something could not be looked up: then nothing is wrong with the words.
  var cause: KernelError?

  init(
    _ complaint: String, text: String, at range: Range<Int>, suggestion: String? = nil
  ) {
    let whole = suggestion.map { "\(complaint); did you mean '\($0)'?" } ?? complaint
    message = PrintableInput.line(whole)
    self.text = text
    position = range.lowerBound
    length = max(range.count, 1)
    self.suggestion = suggestion
  }

  /// The message, the text and a caret under the wrong word: three lines.
  var report: String {
    let scalars = Array(text.unicodeScalars)
    let start = max(0, min(position, scalars.count) - Self.before)
    let end = min(scalars.count, position + Self.after)
    let lead = start > 0 ? "…" : ""
    let tail = end < scalars.count ? "…" : ""
    let shown = start < end ? String(scalars[start..<end].map(PrintableInput.character)) : ""
    let blanks = String(repeating: " ", count: position - start + lead.count)
    let marks = String(repeating: "~", count: max(0, min(length, Self.after) - 1))
    return "\(message)\n  \(lead)\(shown)\(tail)\n  \(blanks)^\(marks)"
  }

  /// How much of a long text is shown on either side of the fault.
  private static let before = 40
  private static let after = 40
}
