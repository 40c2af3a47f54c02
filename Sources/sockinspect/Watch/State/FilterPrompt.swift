/// A line that is edited at the bottom of the screen: the filter.
struct FilterPrompt: Equatable {
  private(set) var text: [Unicode.Scalar]
  /// What is wrong with the filter that was entered.
  var complaint: String?
  private static let longest = 1000

  init(_ text: String) { self.text = Array(text.unicodeScalars) }

  enum Outcome: Equatable {
    case edited
    case entered(String)
    case cancelled
  }

  mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .enter: return .entered(typed)
    case .escape, .control("c"), .control("g"): return .cancelled
    case .backspace: if !text.isEmpty { text.removeLast() }
    case .control("u"): text = []
    case .control("w"): dropWord()
    case .character(let scalar): if text.count < Self.longest { text.append(scalar) }
    default: return .edited
    }
    complaint = nil
    return .edited
  }

  var typed: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text)
    return String(view)
  }

  private mutating func dropWord() {
    while text.last == " " { text.removeLast() }
    while let last = text.last, last != " " { text.removeLast() }
  }
}
