/// Text in mdoc(7), the language of manual pages.
///
/// Lines that begin with a dot are requests; in all others a few characters must be escaped so
/// that they come out as they are.
enum ManualText {
  /// Prose: a line for each sentence, filled to a width, literal and introduced words marked up.
  ///
  /// - Parameters:
  ///   - term: The macro for introduced words.
  ///   - literal: The macro line for a literal word where the page has a special one.
  static func paragraph(
    _ text: String, term: String = "Em", literal: (String) -> String? = { _ in nil }
  ) -> String {
    var lines: [String] = []
    var line = ""
    func finish() {
      if !line.isEmpty { lines.append(line) }
      line = ""
    }
    for word in Prose(text).words {
      if word.allSatisfy({ $0.kind == .plain }) {
        let text = word.map { $0.text }.joined()
        if line.count + text.count + 1 > 78 { finish() }
        line += (line.isEmpty ? atLineStart(text) : " " + escaped(text))
        if endsSentence(text) { finish() }
      } else {
        finish()
        lines.append(marked(word, term, literal))
      }
    }
    finish()
    return lines.joined(separator: "\n") + "\n"
  }

  /// Lines that come out exactly as they are.
  static func literal(_ lines: [String]) -> String {
    ".Bd -literal\n" + lines.map(atLineStart).joined(separator: "\n") + "\n.Ed\n"
  }

  /// The argument of a macro, which is not to be read as a macro or as punctuation itself.
  static func argument(_ text: String) -> String {
    if text.contains(" ") { return "\"\(escaped(text))\"" }
    let second = text.dropFirst().first
    let isMacro = text.count == 2 && text.first?.isUppercase == true && second?.isLowercase == true
    return isMacro || (text.count == 1 && ".,:;()[]?!|".contains(text))
      ? "\\&\(escaped(text))" : escaped(text)
  }

  private static func atLineStart(_ text: String) -> String {
    text.hasPrefix(".") ? "\\&" + escaped(text) : escaped(text)
  }

  /// A word with marked pieces, such as `(`ss`).`, as one macro line.
  private static func marked(
    _ word: [Prose.Piece], _ term: String, _ literal: (String) -> String?
  ) -> String {
    var line = "."
    for (index, piece) in word.enumerated() {
      switch piece.kind {
      case .literal: line += reference(piece.text) ?? literal(piece.text) ?? quoted(piece.text)
      case .term: line += "\(term) \(argument(piece.text))"
      case .plain: line += delimiters(piece.text, isFirst: index == 0)
      }
      if index + 1 < word.count { line += " " }
    }
    return line
  }

  private static func quoted(_ text: String) -> String { "Ql \(argument(text))" }

  /// `accept(2)` is a reference to another page.
  private static func reference(_ text: String) -> String? {
    let parts = text.split(separator: "(")
    if parts.count == 2, text.hasSuffix(")"), parts[1].count == 2, parts[1].first?.isNumber == true
    {
      return "Xr \(parts[0]) \(parts[1].dropLast())"
    }
    return nil
  }

  /// Punctuation around a macro stands as arguments of its own; anything else is glued on.
  private static func delimiters(_ text: String, isFirst: Bool) -> String {
    let all = text.map { String($0) }
    if isFirst, all.allSatisfy({ "([".contains($0) }) { return "Pf " + text }
    if all.allSatisfy({ ".,:;)]?!".contains($0) }) { return all.joined(separator: " ") }
    return isFirst ? "Pf \(escaped(text))" : "Ns No \(escaped(text))"
  }

  private static func endsSentence(_ word: String) -> Bool {
    guard let last = word.last(where: { $0 != ")" && $0 != "\"" }) else { return false }
    return ".?!".contains(last)
  }

  static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\\": "\\e"
      case "-": "\\-"
      case "'": "\\(aq"
      case "`": "\\(ga"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case "\"": "\\(dq"
      case "…": "\\[u2026]"
      case "×": "\\[mu]"
      case "“": "\\(lq"
      case "”": "\\(rq"
      default: String(character)
      }
    }.joined()
  }
}
