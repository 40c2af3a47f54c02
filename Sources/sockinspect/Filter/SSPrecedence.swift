/// The same words as ss reads them: from left to right, `and` and `or` alike.
struct SSPrecedence {
  private var expression: Expression
  private var count = 1
  private var hasOr = false
  /// Whether the two readings are different: an `and` comes after an `or`.
  private(set) var differs = false

  /// The left-hand side nests once for each word, so it is kept only while it is short.
  private static let longest = 12

  init(_ first: Expression) { expression = first }

  mutating func append(_ part: Expression, isOr: Bool) {
    differs = differs || (hasOr && !isOr)
    hasOr = hasOr || isOr
    count += 1
    guard count <= Self.longest else { return }
    expression = isOr ? expression || part : expression && part
  }

  func warning(_ ours: Expression) -> String {
    guard count <= Self.longest else {
      return "'and' binds more tightly than 'or'; ss reads from left to right; use parentheses"
    }
    return "read as: \(Self.short(ours)); ss, which reads from left to right, takes it as: "
      + "\(Self.short(expression)); parentheses make it plain"
  }

  private static func short(_ expression: Expression) -> String {
    let text = expression.description
    return text.count <= 120 ? text : "\(text.prefix(119))…"
  }
}
