import ProcNet

/// Reads single conditions: a subject, mostly a comparison, and a value; and selectors, words that
/// need no subject (`:8080`, `127.0.0.1`, `pid:812`, `/run/php.sock`).
struct ConditionParser {
  var input: TokenStream
  var warnings: [String] = []
  private let context: ParseContext
  private let hosts: HostParser

  /// Words that begin a condition and are not a measure or a name.
  static let keywords = [
    "state", "exclude", "excl", "src", "dst", "sport", "dport", "dev", "fwmark", "cgroup",
    "autobound", "standing", "netid", "family", "queued", "orphan",
  ]

  init(_ text: String, _ context: ParseContext) throws(FilterError) {
    input = try TokenStream(text)
    self.context = context
    hosts = HostParser(text: text, context: context)
  }

  mutating func condition(_ token: Token) throws(FilterError) -> Expression {
    if let states = try stateRun() { return states }
    input.advance()
    switch token.keyword {
    case "src": return try host(.local, token)
    case "dst": return try host(.peer, token)
    case "sport": return try port(.local)
    case "dport": return try port(.peer)
    case "dev": return try equality(token, "a device", hosts.interface)
    case "fwmark": return try equality(token, "a mark", mark)
    case "cgroup": return try equality(token, "a path", cgroup)
    case "netid": return try equality(token, "a kind of sockets", netid)
    case "family": return try equality(token, "a family", family)
    case "standing": return try equality(token, "a standing", ownership)
    case "autobound": return .holds(.autobound(context.ephemeralPorts))
    case "queued": return .holds(.ownership(.queued))
    case "orphan": return .holds(.ownership(.orphan))
    default: return try measuredOrNamed(token)
    }
  }

  private mutating func measuredOrNamed(_ token: Token) throws(FilterError) -> Expression {
    if let measure = NumericField.named(token.keyword) { return try number(measure, token) }
    if let subject = TextSubject(word: token.keyword) {
      let isNegated = try input.equalitySign(token) == .notEqual
      return try name(subject, try input.value("a name"), isNegated: isNegated)
    }
    if input.current?.comparison == nil, let selector = try selector(token) { return selector }
    throw unknown(token)
  }

  private func unknown(_ token: Token) -> FilterError {
    let words =
      Self.keywords + TextSubject.allCases.map(\.rawValue) + NumericField.words.keys.sorted()
    if let word = NearestWord.to(token.keyword, among: words) {
      return input.error("unknown condition '\(token.text)'", at: token, suggestion: word)
    }
    if input.current?.comparison != nil {
      return input.error("unknown subject '\(token.text)'", at: token)
    }
    return input.error(
      "unknown condition '\(token.text)'; a program's sockets are command = \(token.text)",
      at: token)
  }

  /// Adjacent `state` and `exclude` words make one set, as in ss.
  mutating func stateRun() throws(FilterError) -> Expression? {
    var set: StateSet?
    while let word = input.current?.keyword, ["state", "exclude", "excl"].contains(word) {
      input.advance()
      let named = try stateName()
      set = word == "state" ? (set ?? []).union(named) : (set ?? .all).subtracting(named)
    }
    return set.map { .holds(.states($0)) }
  }

  private mutating func stateName() throws(FilterError) -> StateSet {
    guard let token = input.current, token.kind == .word else { throw input.missing("a state") }
    guard let states = StateNames.states(named: token.text) else {
      throw input.error(
        "unknown state '\(token.text)'", at: token,
        suggestion: StateNames.nearest(to: token.text))
    }
    input.advance()
    return states
  }

  /// Reads `[=|!=] VALUE`; `!=` means everything else.
  private mutating func equality(
    _ subject: Token, _ what: String, _ read: (Token) throws(FilterError) -> Expression
  ) throws(FilterError) -> Expression {
    let isNegated = try input.equalitySign(subject) == .notEqual
    let expression = try read(try input.value(what))
    return isNegated ? .not(expression) : expression
  }

  private mutating func host(_ end: SocketEnd, _ subject: Token) throws(FilterError) -> Expression {
    let isNegated = try input.equalitySign(subject) == .notEqual
    let expression = try hosts.host(end, at: try input.value("an address"), &warnings)
    return isNegated ? .not(expression) : expression
  }

  private mutating func port(_ end: SocketEnd) throws(FilterError) -> Expression {
    let comparison = input.optionalComparison() ?? .equal
    return try hosts.port(end, comparison, at: try input.value("a port"))
  }

  /// A number after the subject means an id where the subject has one.
  private func name(
    _ subject: TextSubject, _ word: Token, isNegated: Bool
  ) throws(FilterError) -> Expression {
    if let measure = subject.numericMeasure, AddressReader.isDecimal(word.text),
      let bound = Quantity(digits: word.text, times: 1)
    {
      return .holds(.number(measure, isNegated ? .notEqual : .equal, bound))
    }
    let pattern = NamePattern(word.text)
    if subject == .user { try checkUser(pattern, word) }
    return .holds(.text(subject, pattern, isNegated: isNegated))
  }

  /// A user that the host does not have has no sockets; unless it is not known whom it has.
  private func checkUser(_ name: NamePattern, _ word: Token) throws(FilterError) {
    guard !name.isGlob, let users = context.users(), users.gap == nil,
      users.uid(of: name.bytes) == nil
    else { return }
    throw input.error(
      "no user in /etc/passwd is called '\(word.text)'", at: word,
      suggestion: NearestWord.to(word.text, among: users.all.map { String(rawBytes: $0) }.sorted()))
  }

  private func netid(_ word: Token) throws(FilterError) -> Expression {
    if let netids = NetidNames.netids(named: word.text) { return .holds(.netids(netids)) }
    throw input.error(
      "unknown kind of sockets '\(word.text)'", at: word,
      suggestion: NearestWord.to(word.text, among: NetidNames.table.map(\.name)))
  }

  private func family(_ word: Token) throws(FilterError) -> Expression {
    if let families = FamilyNames.families(named: word.text) { return .holds(.families(families)) }
    throw input.error(
      "unknown family '\(word.text)'", at: word,
      suggestion: NearestWord.to(word.text, among: FamilyNames.table.map(\.name)))
  }

  private func ownership(_ word: Token) throws(FilterError) -> Expression {
    if let ownership = Ownership(rawValue: word.text.lowercased()) {
      return .holds(.ownership(ownership))
    }
    throw input.error(
      "unknown standing '\(word.text)'", at: word,
      suggestion: NearestWord.to(word.text, among: Ownership.allCases.map(\.rawValue)))
  }

  private func mark(_ word: Token) throws(FilterError) -> Expression {
    let parts = word.text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { AddressReader.unsigned($0, UInt32.self) }
    guard numbers.count == parts.count, numbers.count <= 2, let value = numbers.first else {
      throw input.error("'\(word.text)' is not a mark; write VALUE or VALUE/MASK", at: word)
    }
    return .holds(.mark(value, mask: numbers.count == 2 ? numbers[1] : .max))
  }

  /// With or without the mount point; a cgroup that is not here is compared by its path.
  private func cgroup(_ word: Token) throws(FilterError) -> Expression {
    guard word.text.hasPrefix("/") else {
      throw input.error("'\(word.text)' is not a cgroup's path, which begins with '/'", at: word)
    }
    var path = word.text.rawBytes
    let mount = Array("/sys/fs/cgroup".utf8)
    if path.starts(with: mount), path.count == mount.count || path[mount.count] == 0x2F {
      path.removeFirst(mount.count)
    }
    while path.count > 1, path.last == 0x2F { path.removeLast() }
    return .holds(.cgroup(id: context.cgroupID(word.text), path: path.isEmpty ? [0x2F] : path))
  }

  private mutating func number(
    _ measure: NumericField, _ subject: Token
  ) throws(FilterError) -> Expression {
    guard let comparison = input.optionalComparison() ?? (measure.isIdentity ? .equal : nil) else {
      throw input.missing("a comparison (> >= < <= = !=) of \(subject.text)")
    }
    let word = try input.value("a number")
    return .holds(.number(measure, comparison, try quantity(measure.family, subject, word)))
  }

  /// A number with its unit, which may be the next word.
  private mutating func quantity(
    _ family: UnitFamily, _ subject: Token, _ word: Token
  ) throws(FilterError) -> Quantity {
    let digits = String(word.text.unicodeScalars.prefix { ("0"..."9").contains($0) || $0 == "." })
    var unit = String(word.text.unicodeScalars.dropFirst(digits.unicodeScalars.count))
    guard Self.isNumber(digits) else {
      throw input.error("\(subject.text) is compared with a number, not '\(word.text)'", at: word)
    }
    if unit.isEmpty, let next = input.current, !isCondition(next) {
      if family.factor(of: next.keyword) != nil {
        unit = next.text
        input.advance()
      } else if let near = family.nearest(to: next.keyword) {
        throw input.error("unknown unit '\(next.text)'", at: next, suggestion: near)
      }
    }
    let factor = try factor(unit, family, subject, word, after: digits.unicodeScalars.count)
    if let quantity = Quantity(digits: digits, times: factor) { return quantity }
    throw input.error("'\(word.text)' is too large or has too many digits", at: word)
  }

  private func factor(
    _ unit: String, _ family: UnitFamily, _ subject: Token, _ word: Token, after digits: Int
  ) throws(FilterError) -> UInt64 {
    if unit.isEmpty, let factor = family.bareFactor { return factor }
    // The name of a column says the unit: `rtt-us > 500`.
    if unit.isEmpty, let named = subject.keyword.split(whereSeparator: { "-_".contains($0) }).last,
      named.count < subject.keyword.count, let factor = family.factor(of: String(named))
    {
      return factor
    }
    if let factor = family.factor(of: unit) { return factor }
    let subject = "\(subject.text) is \(family.article) and \(family.advice)"
    if unit.isEmpty {
      // Zero is the same in every unit.
      if word.text.utf8.allSatisfy({ $0 == 0x30 }) { return 1 }
      throw input.error("a unit is missing: \(subject)", at: word)
    }
    let place = word.isLiteral ? word.range : word.range.dropFirst(digits)
    let kind = UnitFamily.isKnown(unit) ? "wrong" : "unknown"
    throw FilterError(
      "\(kind) unit '\(unit)': \(subject)", text: input.text, at: place,
      suggestion: kind == "wrong" ? nil : family.nearest(to: unit))
  }

  private static func isNumber(_ digits: String) -> Bool {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { AddressReader.isDecimal($0) }
  }

  /// A selector that can stand among other conditions; nil when the word looks like none.
  private mutating func selector(_ token: Token) throws(FilterError) -> Expression? {
    if HostParser.isPath(token.text) { return .holds(.exactPath(token.text.rawBytes)) }
    if token.isLiteral { return nil }
    if let prefixed = try prefixed(token) { return prefixed }
    let isAddress =
      token.text.contains(":") || token.text.hasPrefix("[") || token.text.hasPrefix("*")
      || AddressReader.pattern(token.text) != nil || AddressReader.isMeant(token.text)
    guard isAddress else { return nil }
    var repeated: [String] = []
    let source = try hosts.host(.local, at: token, &repeated)
    let destination = try hosts.host(.peer, at: token, &warnings)
    if source == .always { return .always }
    let ends = source || destination
    return Self.coveringListeners(source).map { ends || $0 } ?? ends
  }

  /// Who asks for `10.0.0.1:80` also means the listener on all addresses that serves it.
  private static func coveringListeners(_ source: Expression) -> Expression? {
    guard case .all(let parts) = source else { return nil }
    var port: UInt16?
    var address: IPAddress?
    for case .holds(let predicate) in parts {
      switch predicate {
      case .port(.local, .equal, let number): port = number
      case .address(.local, let pattern) where pattern.isWhole: address = pattern.address
      default: break
      }
    }
    guard let port, let address, !address.isAny else { return nil }
    let wildcards: [Expression] = [.anyV4, .anyV6].filter { $0.isIPv6 || !address.isIPv6 }
      .map { .holds(.address(.local, AddressPattern($0))) }
    return .all([
      .holds(.states(.listening.union(StateSet(.boundInactive)))),
      .holds(.port(.local, .equal, port)), .any(wildcards),
    ])
  }

  /// `pid:812`, `command:nginx`, `user:www-data`: a subject of identity, a colon and its value.
  private func prefixed(_ token: Token) throws(FilterError) -> Expression? {
    guard let colon = token.text.firstIndex(of: ":") else { return nil }
    let subject = token.text[..<colon].lowercased()
    var value = token
    value.text = String(token.text[token.text.index(after: colon)...])
    if let measure = NumericField.named(subject), measure.isIdentity {
      return try identity(measure, subject, value)
    }
    guard let subject = TextSubject(word: subject) else { return nil }
    guard !value.text.isEmpty else { throw input.error("a name is missing after ':'", at: token) }
    return try name(subject, value, isNegated: false)
  }

  private func identity(
    _ measure: NumericField, _ subject: String, _ value: Token
  ) throws(FilterError) -> Expression {
    guard AddressReader.isDecimal(value.text), let bound = Quantity(digits: value.text, times: 1)
    else {
      throw input.error("\(subject): is followed by a number, not '\(value.text)'", at: value)
    }
    return .holds(.number(measure, .equal, bound))
  }

  /// The whole filter as one selector; nil when it is not one. A bare word is a command or service.
  mutating func loneSelector() throws(FilterError) -> Expression? {
    guard input.count == 1, let token = input.current, token.kind == .word else { return nil }
    guard !isCondition(token) else { return nil }
    input.advance()
    if let selector = try selector(token) { return selector }
    return try command(token)
  }

  private func isCondition(_ token: Token) -> Bool {
    token.isAnd || token.isOr || token.isNot || token.comparison != nil
      || Self.keywords.contains(token.keyword) || TextSubject(word: token.keyword) != nil
      || NumericField.named(token.keyword) != nil
  }

  private mutating func command(_ token: Token) throws(FilterError) -> Expression {
    let word = token.text
    if word.isEmpty { throw input.error("the filter is an empty word", at: token) }
    if AddressReader.isDecimal(word) {
      throw input.error("what is \(word)? a port is :\(word), a process pid:\(word)", at: token)
    }
    if !token.isLiteral, StateNames.states(named: word) != nil {
      warnings.append("'\(word)' is taken as a command; the state is: state \(word)")
    }
    let name = NamePattern(word, isExact: true)
    return .any([
      .holds(.text(.comm, name, isNegated: false)), .holds(.text(.service, name, isNegated: false)),
    ])
  }
}
