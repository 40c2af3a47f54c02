/// A manual page as text to read, where there is no man(1): the macros that our own pages use.
struct ManualScreen {
  /// Columns of a line, unless a word or an example alone has more.
  private let width: Int
  private let palette: Palette
  private let characters: TextStyle

  private enum Face { case plain, bold, underlined }

  /// What is shown of a word, and the columns that it takes.
  private struct Word {
    var text = ""
    var width = 0

    static func + (left: Word, right: Word) -> Word {
      Word(text: left.text + right.text, width: left.width + right.width)
    }
    func padded(to width: Int) -> Word {
      let blanks = max(0, width - self.width)
      return self + Word(text: String(repeating: " ", count: blanks), width: blanks)
    }
  }

  private struct List {
    var kind = "bullet"
    var isCompact = false
    /// Columns before the list, before its items, and from there to their text.
    var outer = 0
    var margin = 0
    var indent = 2
    /// Widths of all columns of a table but the last.
    var columns: [Int] = []
    var count = 0
  }

  private var lines: [String] = []
  /// The paragraph that is being read, and what is written in front of it.
  private var words: [Word] = []
  private var label: Word?
  /// Whether the next word goes on without a blank.
  private var isGlued = false
  private var lists: [List] = []
  private var margin = body
  /// How many lines there were behind the last heading, which needs no empty line below it.
  private var headingEnd = 0
  private var isLiteral = false
  private var isSynopsis = false
  private var name = ""

  private static let body = 4
  private static let example = 6

  init(width: Int, palette: Palette, characters: TextStyle) {
    (self.width, self.palette, self.characters) = (width, palette, characters)
  }

  /// The text of a page, in lines.
  func text(of page: String) -> String {
    var screen = self
    for line in page.split(separator: "\n") { screen.read(line) }
    screen.endParagraph()
    return screen.lines.joined(separator: "\n") + "\n"
  }

  private mutating func read(_ line: Substring) {
    if line.hasPrefix(".\\\"") { return }
    guard line.hasPrefix(".") else {
      if isLiteral { return lines.append(literal(line)) }
      return line.split(separator: " ").forEach { append(String($0)) }
    }
    var arguments = Self.arguments(line.dropFirst())
    let macro = arguments.isEmpty ? "" : arguments.removeFirst()
    switch macro {
    case "Dd", "Dt", "Os": return
    case "Sh": heading(arguments, margin: 0)
    case "Ss": heading(arguments, margin: 2)
    case "Pp": space()
    case "Bl": beginList(arguments)
    case "It": beginItem(arguments)
    case "El":
      endParagraph()
      margin = lists.popLast()?.outer ?? Self.body
    case "Bd":
      space()
      isLiteral = true
      if arguments.contains("-offset") { margin += Self.example }
    case "Ed":
      isLiteral = false
      margin = lists.last.map { $0.margin + $0.indent } ?? Self.body
    case "Dl":
      endParagraph()
      margin += Self.example
      lines.append(literal(arguments.joined(separator: " ")))
      margin -= Self.example
    case "Nd": (["–"] + arguments).forEach { append($0) }
    default:
      // Each form of a command begins a line.
      if isSynopsis, macro == "Nm" { endParagraph() }
      inline([macro] + arguments)
    }
  }

  private mutating func heading(_ arguments: [String], margin: Int) {
    headingEnd = 0
    space()
    self.margin = margin
    append(arguments.joined(separator: " "), .bold)
    endParagraph()
    headingEnd = lines.count
    self.margin = Self.body
    isSynopsis = arguments == ["SYNOPSIS"]
  }

  private func literal(_ line: some StringProtocol) -> String {
    String(repeating: " ", count: margin) + characters.written(Self.unescaped(line))
  }

  // Paragraphs.

  /// An empty line before what follows.
  private mutating func space() {
    endParagraph()
    if lines.count > headingEnd, let last = lines.last, !last.isEmpty { lines.append("") }
  }

  private mutating func endParagraph() {
    let hanging = isSynopsis ? margin + Self.body : margin
    var line = Word()
    if let label {
      line = label.padded(to: margin)
      // A label that is too long is alone on its line.
      if label.width >= margin || words.isEmpty {
        lines.append(label.text)
        line = Word()
      }
    }
    var isEmpty = true
    for word in words {
      if isEmpty {
        line = line.padded(to: margin) + word
      } else if line.width + 1 + word.width <= width {
        line = line.padded(to: line.width + 1) + word
      } else {
        lines.append(line.text)
        line = Word().padded(to: hanging) + word
      }
      isEmpty = false
    }
    if !isEmpty { lines.append(line.text) }
    (words, label, isGlued) = ([], nil, false)
  }

  // Lists.

  private mutating func beginList(_ arguments: [String]) {
    endParagraph()
    var list = List(outer: margin, margin: margin)
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "-compact": list.isCompact = true
      case "-width": list.indent = Self.width(rest.popFirst() ?? "")
      case "-offset":
        _ = rest.popFirst()
        list.margin += Self.example
      default:
        if word.hasPrefix("-") {
          list.kind = String(word.dropFirst())
          if word == "-diag" { list.indent = 0 }
          if word == "-enum" { list.indent = 3 }
        } else {
          list.columns.append(Self.width(word))
        }
      }
    }
    if list.kind == "column" {
      list.isCompact = true
      list.indent = list.columns.reduce(0, +)
    }
    lists.append(list)
  }

  /// Of a text as long as the widest label; `Ds` stands for what most lists have.
  private static func width(_ text: String) -> Int { text == "Ds" ? 8 : text.count + 2 }

  private mutating func beginItem(_ arguments: [String]) {
    guard var list = lists.popLast() else { return }
    endParagraph()
    if !list.isCompact { space() }
    list.count += 1
    lists.append(list)
    let start = Word().padded(to: list.margin)
    margin = list.margin + list.indent
    switch list.kind {
    case "dash": label = start + Word(text: "-", width: 1)
    case "bullet": label = start + Word(text: characters.written("•"), width: 1)
    case "enum": label = start + Word(text: "\(list.count).", width: 2)
    case "column":
      var row = start
      let cells = arguments.split(separator: "Ta", omittingEmptySubsequences: false)
      for (cell, place) in zip(cells, 0...) where place < list.columns.count {
        if place > 0 { row = row.padded(to: row.width + 1) }
        row = row.padded(to: list.columns.prefix(place).reduce(list.margin, +))
        row = row + phrase(Array(cell))
      }
      label = row
      if cells.count > list.columns.count, let last = cells.last { inline(Array(last)) }
    case "diag": label = start + phrase(["Sy"] + arguments)
    default: label = start + phrase(arguments)
    }
  }

  /// What macros write, as one piece.
  private mutating func phrase(_ arguments: [String]) -> Word {
    inline(arguments)
    defer { (words, isGlued) = ([], false) }
    guard let first = words.first else { return Word() }
    return words.dropFirst().reduce(first) { $0.padded(to: $0.width + 1) + $1 }
  }

  // Macros within lines.

  private static let faces: [String: Face] = [
    "Nm": .bold, "Fl": .bold, "Cm": .bold, "Ic": .bold, "Sy": .bold, "Ar": .underlined,
    "Em": .underlined, "Pa": .underlined, "Va": .underlined, "Vt": .underlined, "Sx": .underlined,
    "No": .plain, "Li": .plain, "Dv": .plain, "Ev": .plain, "Er": .plain,
  ]
  /// What encloses the rest of its line.
  private static let enclosing: [String: (String, String)] = [
    "Op": ("[", "]"), "Pq": ("(", ")"), "In": ("<", ">"), "Ql": ("‘", "’"), "Sq": ("‘", "’"),
    "Dq": ("“", "”"),
  ]
  private static let opening: [String: String] = ["Oo": "[", "Po": "(", "(": "(", "[": "["]
  private static let closing: [String: String] = [
    "Oc": "]", "Pc": ")", ".": ".", ",": ",", ":": ":", ";": ";", ")": ")", "]": "]", "?": "?",
    "!": "!",
  ]
  /// Every macro that this reads.
  static let macros: Set<String> = Set(faces.keys).union(enclosing.keys).union(opening.keys).union(
    closing.keys
  )
  .union(["Ns", "Pf", "Xr", "Ta"])
  .union(["Dd", "Dt", "Os", "Sh", "Ss", "Pp", "Bl", "It", "El", "Bd", "Ed", "Dl", "Nd"])

  private mutating func inline(_ arguments: [String]) {
    var rest = arguments[...]
    var ends: [String] = []
    // Punctuation at the end of a line is outside of all that the line opens.
    while rest.count > 1, let last = rest.last, last.count == 1, Self.closing[last] != nil {
      ends.insert(rest.removeLast(), at: 0)
    }
    var face = Face.plain
    var sign = ""
    while let word = rest.popFirst() {
      if let pair = Self.enclosing[word] {
        open(pair.0)
        ends.insert(pair.1, at: 0)
        (face, sign) = (.plain, "")
      } else if let mark = Self.opening[word] {
        open(mark)
      } else if let mark = Self.closing[word] {
        close(mark)
      } else if let other = Self.faces[word] {
        (face, sign) = (other, word == "Fl" ? "-" : "")
        let isAlone = rest.first.map { Self.macros.contains($0) } ?? true
        if isAlone, word == "Nm" { append(name, .bold) }
        if isAlone, word == "Fl" { append("-", .bold) }
        if word == "Nm", !isAlone, name.isEmpty { name = rest.first ?? "" }
      } else if word == "Ns" {
        isGlued = true
        (face, sign) = (.plain, "")
      } else if word == "Pf" {
        append(rest.popFirst() ?? "")
        isGlued = true
      } else if word == "Xr" {
        let page = rest.popFirst() ?? ""
        append("\(page)(\(rest.popFirst() ?? ""))")
      } else {
        append(sign + word, face)
      }
    }
    ends.forEach { close($0) }
  }

  private mutating func open(_ mark: String) {
    append(mark)
    isGlued = true
  }

  private mutating func close(_ mark: String) {
    isGlued = true
    append(mark)
  }

  private mutating func append(_ text: String, _ face: Face = .plain) {
    for piece in characters.written(Self.unescaped(text)).split(separator: " ") {
      let word = Word(
        text: start(face) + piece + (face == .plain ? "" : "\(palette.plain)"),
        width: DisplayWidth.of(String(piece)))
      if isGlued, let last = words.popLast() {
        words.append(last + word)
      } else {
        words.append(word)
      }
      isGlued = false
    }
  }

  private func start(_ face: Face) -> String {
    switch face {
    case .plain: ""
    case .bold: "\(palette.heading)"
    case .underlined: palette.isColoured ? "\u{1b}[4m" : ""
    }
  }

  /// Words of a macro's line; quotes keep blanks.
  private static func arguments(_ line: Substring) -> [String] {
    line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap {
      index, part in
      index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
    }
  }

  private static let named: [String: String] = [
    "aq": "'", "ga": "`", "ha": "^", "ti": "~", "dq": "\"", "lq": "“", "rq": "”", "mu": "×",
    "u2026": "…", "->": "→",
  ]

  private static func unescaped(_ text: some StringProtocol) -> String {
    var result = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      guard character == "\\", let next = rest.popFirst() else {
        result.append(character)
        continue
      }
      switch next {
      case "&": break
      case "e": result.append("\\")
      case "(", "[":
        let name = next == "(" ? rest.prefix(2) : rest.prefix { $0 != "]" }
        rest = rest.dropFirst(name.count + (next == "(" ? 0 : 1))
        result += named[String(name)] ?? "?"
      default: result.append(next)
      }
    }
    return result
  }
}
