/// Text in mdoc(7), the language of manual pages.
///
/// Lines that begin with a dot are requests; in all others a few characters must be escaped so
/// that they come out as they are.
enum ManualText {
  /// Prose: a line for each sentence, filled to a width, literal and introduced words marked up.
  static func paragraph(_ text: String) -> String {
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
        lines.append(marked(word))
      }
    }
    finish()
    return lines.joined(separator: "\n") + "\n"
  }

  /// Lines that come out exactly as they are.
  static func literal(_ lines: [String]) -> String {
    ".Bd -literal\n" + lines.map(atLineStart).joined(separator: "\n") + "\n.Ed\n"
  }

  /// The argument of a macro.
  static func argument(_ text: String) -> String {
    text.contains(" ") ? "\"\(escaped(text))\"" : escaped(text)
  }

  private static func atLineStart(_ text: String) -> String {
    text.hasPrefix(".") ? "\\&" + escaped(text) : escaped(text)
  }

  /// A word with marked pieces, such as `(`ss`).`, as one macro line.
  private static func marked(_ word: [Prose.Piece]) -> String {
    var line = "."
    for (index, piece) in word.enumerated() {
      switch piece.kind {
      case .literal: line += macro(for: piece.text)
      case .term: line += "Em \(argument(piece.text))"
      case .plain: line += delimiters(piece.text, isFirst: index == 0)
      }
      if index + 1 < word.count { line += " " }
    }
    return line
  }

  /// `accept(2)` is a reference, everything else is literal.
  private static func macro(for text: String) -> String {
    let parts = text.split(separator: "(")
    if parts.count == 2, text.hasSuffix(")"), parts[1].count == 2, parts[1].first?.isNumber == true
    {
      return "Xr \(parts[0]) \(parts[1].dropLast())"
    }
    return "Ql \(argument(text))"
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
      default: String(character)
      }
    }.joined()
  }
}
