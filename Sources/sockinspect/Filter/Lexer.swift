import ProcNet

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

/// The words and signs of a filter, taken one after another.
struct TokenStream {
  let text: String
  private let tokens: [Token]
  private var index = 0

  init(_ text: String) throws(FilterError) {
    self.text = text
    tokens = try Lexer.tokens(of: text)
  }

  var count: Int { tokens.count }
  var current: Token? { index < tokens.count ? tokens[index] : nil }

  mutating func advance() { index += 1 }
  mutating func rewind() { index = 0 }

  /// A comparison that may be left out, which means `=`.
  mutating func optionalComparison() -> Comparison? {
    guard let comparison = current?.comparison else { return nil }
    advance()
    return comparison
  }

  mutating func equalitySign(_ subject: Token) throws(FilterError) -> Comparison {
    guard let token = current, let comparison = optionalComparison() else { return .equal }
    guard comparison.isEquality else {
      throw error("\(subject.text) can only be compared with = and !=", at: token)
    }
    return comparison
  }

  /// The word with which something is compared; `and` and `or` only in quotes.
  mutating func value(_ what: String) throws(FilterError) -> Token {
    guard let token = current, token.kind == .word, !token.isAnd, !token.isOr else {
      throw missing(what)
    }
    advance()
    return token
  }

  func error(_ complaint: String, at token: Token, suggestion: String? = nil) -> FilterError {
    FilterError(complaint, text: text, at: token.range, suggestion: suggestion)
  }

  /// Something is missing where the next word stands, or at the end.
  func missing(_ what: String) -> FilterError {
    if let token = current { return error("\(what) is missing before '\(token.text)'", at: token) }
    let end = text.unicodeScalars.count
    return FilterError("\(what) is missing at the end", text: text, at: end..<end)
  }
}

/// Cuts a filter into words and signs, with or without blanks between them.
///
/// Parentheses, `&` and `|` always end a word. `=`, `<`, `>` and `!` end it only after a plain
/// name (`sport=:22`), so that paths and patterns may hold them. A backslash takes the next
/// character as it is; quotes of either kind take everything between them. `\xff`, as such a byte
/// is printed, is the byte, in quotes too.
struct Lexer {
  private let text: String
  private let scalars: [Unicode.Scalar]
  private var index = 0

  /// More than anybody types, and little enough for every later step.
  static let longest = 16_384

  static func tokens(of text: String) throws(FilterError) -> [Token] {
    var lexer = Lexer(text)
    guard lexer.scalars.count <= longest else {
      throw FilterError(
        "the filter is longer than \(longest) characters", text: text, at: 0..<1)
    }
    var tokens: [Token] = []
    while let token = try lexer.next() { tokens.append(token) }
    return tokens
  }

  private init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    index + distance < scalars.count ? scalars[index + distance] : nil
  }

  private mutating func next() throws(FilterError) -> Token? {
    while let scalar = peek(), Self.isBlank(scalar) { index += 1 }
    guard let scalar = peek() else { return nil }
    if let sign = sign(scalar) { return sign }
    return try word()
  }

  private mutating func sign(_ scalar: Unicode.Scalar) -> Token? {
    switch scalar {
    case "(": take(.open, 1)
    case ")": take(.close, 1)
    case "&": take(.and, peek(1) == "&" ? 2 : 1)
    case "|": take(.or, peek(1) == "|" ? 2 : 1)
    case "!": peek(1) == "=" ? take(.comparison(.notEqual), 2) : take(.not, 1)
    case "=": take(.comparison(.equal), peek(1) == "=" ? 2 : 1)
    case ">":
      peek(1) == "=" ? take(.comparison(.greaterOrEqual), 2) : take(.comparison(.greater), 1)
    case "<": peek(1) == "=" ? take(.comparison(.lessOrEqual), 2) : take(.comparison(.less), 1)
    default: nil
    }
  }

  private mutating func take(_ kind: Token.Kind, _ length: Int) -> Token {
    let range = index..<index + length
    index += length
    return Token(kind: kind, text: Self.string(scalars[range]), range: range)
  }

  private mutating func word() throws(FilterError) -> Token {
    let start = index
    var word = String.UnicodeScalarView()
    var isLiteral = false
    var isName = true
    while let scalar = peek(), !ends(scalar, afterName: isName) {
      if takeEscape(into: &word) {
        isName = false
      } else if scalar == "\\" || scalar == "\"" || scalar == "'" {
        try literal(scalar, into: &word)
        isLiteral = true
        isName = false
      } else {
        isName = isName && Self.isNamePart(scalar)
        word.append(scalar)
        index += 1
      }
    }
    return Token(kind: .word, text: String(word), range: start..<index, isLiteral: isLiteral)
  }

  /// Takes an escape as `SafeText` writes it. The `\x2d` of a systemd unit's name stays as it is.
  private mutating func takeEscape(into word: inout String.UnicodeScalarView) -> Bool {
    guard peek() == "\\" else { return false }
    let ahead = scalars[index...].prefix(10).map { UInt8(exactly: $0.value) ?? 0 }
    guard let (bytes, length) = VisibleEscape.read(ahead) else {
      guard peek(1) == "x", ahead.count >= 4, ahead[2..<4].allSatisfy(Self.isDigit) else {
        return false
      }
      word.append("\\")
      index += 1
      return true
    }
    word.append(contentsOf: String(rawBytes: bytes).unicodeScalars.map(Self.kept))
    index += length
    return true
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
  }

  /// As a byte, so that nothing takes it for a sign.
  private static func kept(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar.isASCII ? RawText.scalar(for: UInt8(scalar.value)) : scalar
  }

  private mutating func literal(
    _ mark: Unicode.Scalar, into word: inout String.UnicodeScalarView
  ) throws(FilterError) {
    let start = index
    index += 1
    while let scalar = peek(), scalar != mark || mark == "\\" {
      if mark != "\\", takeEscape(into: &word) { continue }
      word.append(scalar)
      index += 1
      if mark == "\\" { return }
    }
    guard peek() != nil else {
      let complaint = mark == "\\" ? "nothing follows the backslash" : "the quote is not closed"
      throw FilterError(complaint, text: text, at: start..<start + 1)
    }
    index += 1
  }

  private func ends(_ scalar: Unicode.Scalar, afterName: Bool) -> Bool {
    switch scalar {
    case "(", ")", "&", "|": true
    case "=", "<", ">": afterName
    case "!": afterName && peek(1) == "="
    default: Self.isBlank(scalar)
    }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_" || scalar == "-")
      || ("0"..."9").contains(scalar)
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
