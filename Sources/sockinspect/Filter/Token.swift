/// One piece of a filter: a word or a sign, and where it stood.
struct Token: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case word, open, close, and, or, not
    case comparison(Comparison)
  }

  var kind: Kind
  /// The word without quotes and backslashes; the sign as typed.
  var text: String
  /// In Unicode scalars of the whole text.
  var range: Range<Int>
  /// Whether the word was quoted or escaped, so that it can't be an operator.
  var isLiteral = false

  /// The word in lower case, for comparing with keywords; empty for signs and quoted words.
  var keyword: String { kind == .word && !isLiteral ? text.lowercased() : "" }

  var isAnd: Bool { kind == .and || keyword == "and" }
  var isOr: Bool { kind == .or || keyword == "or" }
  var isNot: Bool { kind == .not || keyword == "not" }

  /// The comparison that this sign or word stands for.
  var comparison: Comparison? {
    if case .comparison(let comparison) = kind { comparison } else { Comparison(word: keyword) }
  }
}
