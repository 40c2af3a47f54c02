import ProcNet

/// Reads selectors: words that need no subject. `:8080`, `127.0.0.1`, `pid:812`, `/run/php.sock`.
extension FilterParser {
  /// A selector that can stand among other conditions; nil when the word looks like none.
  mutating func selector(_ token: Token) throws(FilterError) -> Expression? {
    if Self.isPath(token.text) { return .holds(.exactPath(token.text.rawBytes)) }
    if token.isLiteral { return nil }
    if let prefixed = try prefixed(token) { return prefixed }
    let isAddress =
      token.text.contains(":") || token.text.hasPrefix("[") || token.text.hasPrefix("*")
      || AddressReader.pattern(token.text) != nil
    guard isAddress else { return nil }
    let warned = warnings.count
    let source = try host(.local, at: token)
    warnings.removeLast(warnings.count - warned)
    let destination = try host(.peer, at: token)
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

  /// `pid:812`, `comm:nginx`, `user:www-data`: a subject of identity, a colon and its value.
  private mutating func prefixed(_ token: Token) throws(FilterError) -> Expression? {
    guard let colon = token.text.firstIndex(of: ":") else { return nil }
    let subject = token.text[..<colon].lowercased()
    var value = token
    value.text = String(token.text[token.text.index(after: colon)...])
    if let measure = NumericField.named[subject], measure.isIdentity {
      return try identity(measure, subject, value)
    }
    guard let subject = TextSubject(rawValue: subject) else { return nil }
    guard !value.text.isEmpty else { throw error("a name is missing after ':'", at: token) }
    if let measure = subject.numericMeasure, AddressReader.isDecimal(value.text),
      let bound = Quantity(digits: value.text, times: 1)
    {
      return .holds(.number(measure, .equal, bound))
    }
    return .holds(.text(subject, NamePattern(value.text), isNegated: false))
  }

  private func identity(
    _ measure: NumericField, _ subject: String, _ value: Token
  ) throws(FilterError) -> Expression {
    guard AddressReader.isDecimal(value.text), let bound = Quantity(digits: value.text, times: 1)
    else { throw error("\(subject): is followed by a number, not '\(value.text)'", at: value) }
    return .holds(.number(measure, .equal, bound))
  }

  /// The whole filter as one selector; nil when it is none. A bare word is a command or service.
  mutating func loneSelector() throws(FilterError) -> Expression? {
    guard tokens.count == 1, let token = current, token.kind == .word else { return nil }
    guard !isCondition(token) else { return nil }
    index = 1
    if let selector = try selector(token) { return selector }
    return try command(token)
  }

  private func isCondition(_ token: Token) -> Bool {
    token.isAnd || token.isOr || token.isNot || token.comparison != nil
      || Self.keywords.contains(token.keyword) || TextSubject(rawValue: token.keyword) != nil
      || NumericField.named[token.keyword] != nil
  }

  private mutating func command(_ token: Token) throws(FilterError) -> Expression {
    let word = token.text
    if word.isEmpty { throw error("the filter is an empty word", at: token) }
    if AddressReader.isDecimal(word) {
      throw error("what is \(word)? a port is :\(word), a process pid:\(word)", at: token)
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
