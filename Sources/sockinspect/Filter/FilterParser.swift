import ProcNet

/// Reads the whole of a filter: leading states, then conditions joined by `or`, `and`, `not` and
/// parentheses. What a single condition looks like stands in the files of its parts.
struct FilterParser {
  let text: String
  let tokens: [Token]
  let context: ParseContext
  var index = 0
  var depth = 0
  var warnings: [String] = []

  /// Parentheses and `not` inside each other; bounds the stack of everything that walks the tree.
  static let deepest = 200

  init(_ text: String, _ context: ParseContext) throws(FilterError) {
    self.text = text
    self.context = context
    tokens = try Lexer.tokens(of: text)
  }

  var current: Token? { index < tokens.count ? tokens[index] : nil }

  /// Leading states in ss's manner hold for everything that follows; joined by `and` or `or`
  /// they are a condition like others.
  mutating func filter() throws(FilterError) -> Expression {
    guard current != nil else { return .always }
    guard let lead = try stateRun() else { return try wholeExpression() }
    guard let next = current else { return lead }
    if next.isAnd || next.isOr {
      index = 0
      return try wholeExpression()
    }
    return lead && (try wholeExpression())
  }

  private mutating func wholeExpression() throws(FilterError) -> Expression {
    let expression = try disjunction()
    guard let rest = current else { return expression }
    throw error(rest.kind == .close ? "')' without '('" : "unexpected '\(rest.text)'", at: rest)
  }

  /// `and` binds more tightly than `or`; ss reads from left to right.
  private mutating func disjunction() throws(FilterError) -> Expression {
    var alternatives: [Expression] = []
    var run = [try term()]
    var flat = SSPrecedence(run[0])
    while let next = current, next.kind != .close {
      if next.isOr || next.isAnd { index += 1 }
      let part = try term()
      flat.append(part, isOr: next.isOr)
      if next.isOr {
        alternatives.append(Self.joined(run))
        run = [part]
      } else {
        run.append(part)
      }
    }
    let expression: Expression =
      alternatives.isEmpty ? Self.joined(run) : .any(alternatives + [Self.joined(run)])
    if flat.differs { warnings.append(flat.warning(expression)) }
    return expression
  }

  private static func joined(_ run: [Expression]) -> Expression {
    run.count == 1 ? run[0] : .all(run)
  }

  private mutating func term() throws(FilterError) -> Expression {
    guard let token = current else { throw missing("a condition") }
    if token.isNot {
      return .not(
        try nested(token) { (parser) throws(FilterError) in
          try parser.term()
        })
    }
    switch token.kind {
    case .open:
      return try nested(token) { (parser) throws(FilterError) in try parser.parenthesized(token) }
    case .word where !token.isAnd && !token.isOr: return try condition(token)
    case .close: throw error("a condition is missing before ')'", at: token)
    case .comparison: throw error("a subject is missing before '\(token.text)'", at: token)
    default: throw error("a condition is missing before '\(token.text)'", at: token)
    }
  }

  private mutating func nested(
    _ token: Token, _ read: (inout FilterParser) throws(FilterError) -> Expression
  ) throws(FilterError) -> Expression {
    guard depth < Self.deepest else {
      throw error("more than \(Self.deepest) parentheses and nots inside each other", at: token)
    }
    depth += 1
    index += 1
    let expression = try read(&self)
    depth -= 1
    return expression
  }

  private mutating func parenthesized(_ open: Token) throws(FilterError) -> Expression {
    let expression = try disjunction()
    guard current?.kind == .close else { throw error("'(' is not closed", at: open) }
    index += 1
    return expression
  }

  // MARK: Errors

  func error(_ complaint: String, at token: Token, suggestion: String? = nil) -> FilterError {
    FilterError(complaint, text: text, at: token.range, suggestion: suggestion)
  }

  /// A name of which nobody knows whether it is right.
  func notLookedUp(_ what: String, _ cause: KernelError, at token: Token) -> FilterError {
    var failure = error("\(what) could not be looked up: \(cause.message)", at: token)
    failure.cause = cause
    return failure
  }

  /// Something is missing where the next word stands, or at the end.
  func missing(_ what: String) -> FilterError {
    if let token = current { return error("\(what) is missing before '\(token.text)'", at: token) }
    let end = text.unicodeScalars.count
    return FilterError("\(what) is missing at the end", text: text, at: end..<end)
  }
}
