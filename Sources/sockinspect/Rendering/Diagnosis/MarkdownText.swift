import ProcNet

/// Foreign text in Markdown: made safe, and nothing in it is markup.
enum MarkdownText {
  private static let special = Set("\\`*_{}[]<>#|~!&")

  /// Text with its backquotes as they are meant: words to type become code.
  static func prose(_ text: String) -> String {
    Prose(safe(text), marks: ["`"]).pieces.map { piece in
      piece.kind == .plain ? escaped(piece.text) : spanned(piece.text)
    }.joined()
  }

  /// Text in which nothing is marked.
  static func plain(_ text: String) -> String { escaped(safe(text)) }

  /// A code span, also in a cell of a table: there a bar ends even code.
  static func code(_ text: String) -> String { spanned(safe(text)) }

  /// A line of a code block; a fence within it would need the line to begin with one.
  static func codeLine(_ text: String) -> String {
    let text = safe(text)
    return text.hasPrefix("```") || text.hasPrefix("~~~") ? " \(text)" : text
  }

  private static func safe(_ text: String) -> String { SafeText.string(text) }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if special.contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  /// The fence is longer than any run of backquotes inside.
  private static func spanned(_ text: String) -> String {
    var (run, longest) = (0, 0)
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let pad = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    let inside = text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String($1) }
    return fence + pad + inside + pad + fence
  }
}
