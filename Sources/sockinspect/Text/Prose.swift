/// Text for people in pieces of one kind.
struct Prose {
  enum Kind: Equatable { case plain, literal, term }

  struct Piece: Equatable {
    var kind: Kind
    var text: String
  }

  let pieces: [Piece]

  /// Reads `literal` and *term*, or only one of them; a mark without its partner stands for itself.
  init(_ text: String, marks: [Character] = ["`", "*"]) {
    var pieces: [Piece] = []
    var rest = text[...]
    while let mark = rest.firstIndex(where: marks.contains) {
      let behind = rest.index(after: mark)
      guard let end = rest[behind...].firstIndex(of: rest[mark]) else { break }
      pieces.append(Piece(kind: .plain, text: String(rest[..<mark])))
      let kind: Kind = rest[mark] == "`" ? .literal : .term
      pieces.append(Piece(kind: kind, text: String(rest[behind..<end])))
      rest = rest[rest.index(after: end)...]
    }
    pieces.append(Piece(kind: .plain, text: String(rest)))
    self.pieces = pieces.filter { !$0.text.isEmpty }
  }

  /// A phrase as a sentence: with a full stop, and a capital unless it begins with a name.
  static func sentence(_ phrase: String) -> String {
    let first = phrase.prefix { $0 != " " }
    let isName = first.contains { !($0.isLetter || "-,:;()".contains($0)) }
    return (isName ? phrase : phrase.prefix(1).uppercased() + phrase.dropFirst()) + "."
  }

  /// The text without its marks.
  var plain: String { pieces.map(\.text).joined() }

  /// Words with what stands directly before and behind them: what a line is broken between.
  var words: [[Piece]] {
    var words: [[Piece]] = [[]]
    for piece in pieces {
      if piece.kind != .plain {
        words[words.count - 1].append(piece)
        continue
      }
      let parts = piece.text.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "\n" }
      for (index, part) in parts.enumerated() {
        if index > 0 { words.append([]) }
        if !part.isEmpty { words[words.count - 1].append(Piece(kind: .plain, text: String(part))) }
      }
    }
    return words.filter { !$0.isEmpty }
  }
}
