import ProcNet

/// Reads single conditions: a subject, mostly a comparison, and a value.
extension FilterParser {
  /// Words that begin a condition and are not a measure or a name.
  static let keywords = [
    "state", "exclude", "excl", "src", "dst", "sport", "dport", "dev", "fwmark", "cgroup",
    "autobound", "ownership", "netid", "family", "queued", "orphan",
  ]

  mutating func condition(_ token: Token) throws(FilterError) -> Expression {
    if let states = try stateRun() { return states }
    index += 1
    switch token.keyword {
    case "src": return try host(.local, token)
    case "dst": return try host(.peer, token)
    case "sport": return try portCondition(.local, token)
    case "dport": return try portCondition(.peer, token)
    case "dev": return try equality(token, "a device", interface)
    case "fwmark": return try equality(token, "a mark", mark)
    case "cgroup": return try equality(token, "a path", cgroup)
    case "netid": return try equality(token, "a kind of sockets", netid)
    case "family": return try equality(token, "a family", family)
    case "ownership": return try equality(token, "a ownership", ownership)
    case "autobound": return .holds(.autobound(context.ephemeralPorts))
    case "queued": return .holds(.ownership(.queued))
    case "orphan": return .holds(.ownership(.orphan))
    default: return try measuredOrNamed(token)
    }
  }

  private mutating func measuredOrNamed(_ token: Token) throws(FilterError) -> Expression {
    if let measure = NumericField.named[token.keyword] { return try number(measure, token) }
    if let subject = TextSubject(rawValue: token.keyword) { return try name(subject, token) }
    if current?.comparison == nil, let selector = try selector(token) { return selector }
    throw unknown(token)
  }

  private func unknown(_ token: Token) -> FilterError {
    let words =
      Self.keywords + TextSubject.allCases.map(\.rawValue) + NumericField.named.keys.sorted()
    if let word = NearestWord.to(token.keyword, among: words) {
      return error("unknown condition '\(token.text)'", at: token, suggestion: word)
    }
    if current?.comparison != nil { return error("unknown subject '\(token.text)'", at: token) }
    return error(
      "unknown condition '\(token.text)'; a command's sockets are comm = \(token.text)", at: token)
  }

  /// Adjacent `state` and `exclude` words make one set, as in ss.
  mutating func stateRun() throws(FilterError) -> Expression? {
    var set: StateSet?
    while let word = current?.keyword, ["state", "exclude", "excl"].contains(word) {
      index += 1
      let named = try stateName()
      set = word == "state" ? (set ?? []).union(named) : (set ?? .all).subtracting(named)
    }
    return set.map { .holds(.states($0)) }
  }

  private mutating func stateName() throws(FilterError) -> StateSet {
    guard let token = current, token.kind == .word else { throw missing("a state") }
    guard let states = StateNames.states(named: token.text) else {
      throw error(
        "unknown state '\(token.text)'", at: token,
        suggestion: StateNames.nearest(to: token.text))
    }
    index += 1
    return states
  }

  /// A comparison that may be left out, which means `=`.
  mutating func optionalComparison() -> Comparison? {
    guard let comparison = current?.comparison else { return nil }
    index += 1
    return comparison
  }

  /// The word with which something is compared; `and` and `or` only in quotes.
  mutating func value(_ what: String) throws(FilterError) -> Token {
    guard let token = current, token.kind == .word, !token.isAnd, !token.isOr else {
      throw missing(what)
    }
    index += 1
    return token
  }

  /// Reads `[=|!=] VALUE`; `!=` means everything else.
  mutating func equality(
    _ subject: Token, _ what: String, _ read: (Token) throws(FilterError) -> Expression
  ) throws(FilterError) -> Expression {
    let isNegated = try equalitySign(subject) == .notEqual
    let expression = try read(try value(what))
    return isNegated ? .not(expression) : expression
  }

  mutating func equalitySign(_ subject: Token) throws(FilterError) -> Comparison {
    guard let token = current, let comparison = optionalComparison() else { return .equal }
    guard comparison.isEquality else {
      throw error("\(subject.text) can only be compared with = and !=", at: token)
    }
    return comparison
  }

  private mutating func name(
    _ subject: TextSubject, _ token: Token
  ) throws(FilterError) -> Expression {
    let isNegated = try equalitySign(token) == .notEqual
    let word = try value("a name")
    if let measure = subject.numericMeasure, AddressReader.isDecimal(word.text),
      let bound = Quantity(digits: word.text, times: 1)
    {
      return .holds(.number(measure, isNegated ? .notEqual : .equal, bound))
    }
    return .holds(.text(subject, NamePattern(word.text), isNegated: isNegated))
  }

  private func netid(_ word: Token) throws(FilterError) -> Expression {
    if let netids = NetidNames.netids(named: word.text) { return .holds(.netids(netids)) }
    throw error(
      "unknown kind of sockets '\(word.text)'", at: word,
      suggestion: NearestWord.to(word.text, among: NetidNames.table.map(\.name)))
  }

  private func family(_ word: Token) throws(FilterError) -> Expression {
    if let families = FamilyNames.families(named: word.text) { return .holds(.families(families)) }
    throw error(
      "unknown family '\(word.text)'", at: word,
      suggestion: NearestWord.to(word.text, among: FamilyNames.table.map(\.name)))
  }

  private func ownership(_ word: Token) throws(FilterError) -> Expression {
    if let ownership = Ownership(rawValue: word.text.lowercased()) {
      return .holds(.ownership(ownership))
    }
    throw error(
      "unknown ownership '\(word.text)'", at: word,
      suggestion: NearestWord.to(word.text, among: Ownership.allCases.map(\.rawValue)))
  }
}

extension TextSubject {
  /// What a number after the subject means.
  var numericMeasure: NumericField? {
    switch self {
    case .user: .uid
    case .netns: .namespace
    case .comm, .service, .container, .peerComm: nil
    }
  }
}
