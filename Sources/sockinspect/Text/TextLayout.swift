import ProcNet

/// How many columns text takes on a terminal.
enum DisplayWidth {
  static func of(_ bytes: [UInt8]) -> Int {
    var width = 0
    var index = 0
    while index < bytes.count {
      let (scalar, length) = UTF8Reader.scalar(in: bytes, at: index) ?? (UInt32(63), 1)
      width += columns(of: scalar)
      index += length
    }
    return width
  }

  static func of(_ text: String) -> Int { of(Array(text.utf8)) }

  /// As wcwidth(3) counts: by Unicode's East Asian width (16.0) and general category.
  private static func columns(of value: UInt32) -> Int {
    guard value >= 0x300, let scalar = Unicode.Scalar(value) else { return 1 }
    switch value {
    // Vowels and final consonants of Hangul join the syllable before.
    case 0x1160...0x11FF, 0xD7B0...0xD7FB: return 0
    // Signs before numbers, which take a place although they are format characters.
    case 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0x110BD, 0x110CD: return 1
    // Two make a flag; one alone is a letter.
    case 0x1F1E6...0x1F1FF: return 1
    default: break
    }
    if isWide(value) { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }

  /// East Asian width W or F, emoji aside; whole blocks with what is not assigned yet.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x3029,
      0x302E...0x303E, 0x3041...0x3098, 0x309B...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x16FE0...0x16FE3, 0x16FF0...0x16FF6, 0x17000...0x18DFF, 0x1AFF0...0x1B2FB,
      0x1D300...0x1D356, 0x1D360...0x1D376, 0x1F200...0x1F265, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

extension ByteWriter {
  /// A copy of the buffer.
  var bytes: [UInt8] {
    let span = span
    var bytes: [UInt8] = []
    bytes.reserveCapacity(span.count)
    for index in span.indices { bytes.append(span[index]) }
    return bytes
  }
}

/// Writes words behind a row, or below it where they do not fit, broken between words.
struct WordWrap {
  let width: Int
  private static let indent = 4

  /// The column that is reached decides whether the first line still fits behind the row. Lines
  /// after the first always stand below it.
  func append(_ words: [UInt8], from column: Int, to writer: inout ByteWriter) {
    let lines = words.split(separator: UInt8(ascii: "\n"))
    for (index, line) in lines.enumerated() {
      let trimmed = Array(line.drop { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") })
      if index == 0, column + DisplayWidth.of(trimmed) <= width {
        writer.append(trimmed)
      } else {
        appendBelow(trimmed, to: &writer)
      }
    }
  }

  private func appendBelow(_ line: [UInt8], to writer: inout ByteWriter) {
    beginLine(&writer)
    var column = Self.indent
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    for (index, word) in words.enumerated() {
      for (number, piece) in pieces(of: Array(word)).enumerated() {
        let blanks = number == 0 && index > 0 ? 1 : 0
        let wide = DisplayWidth.of(piece)
        if index + number > 0, column + blanks + wide > width {
          beginLine(&writer)
          column = Self.indent
        } else {
          writer.append(UInt8(ascii: " "), times: blanks)
          column += blanks
        }
        writer.append(piece)
        column += wide
      }
    }
  }

  /// A word that no line has room for, such as ss's list of owners, cut behind each owner.
  private func pieces(of word: [UInt8]) -> [[UInt8]] {
    guard DisplayWidth.of(word) > width - Self.indent else { return [word] }
    var pieces: [[UInt8]] = [[]]
    for (place, byte) in word.enumerated() {
      pieces[pieces.count - 1].append(byte)
      if byte == UInt8(ascii: ","), place > 0, word[place - 1] == UInt8(ascii: ")") {
        pieces.append([])
      }
    }
    return pieces
  }

  private func beginLine(_ writer: inout ByteWriter) {
    writer.dropTrailing(UInt8(ascii: " "))
    writer.append(UInt8(ascii: "\n"))
    writer.append(UInt8(ascii: " "), times: Self.indent)
  }
}

/// Plain text in lines, broken between words.
enum WrappedText {
  /// Lines of at most `width` characters, unless a word alone has more.
  static func lines(_ text: String, width: Int) -> [String] {
    lines(of: text.split(separator: " ").map(String.init), width: width)
  }

  /// The same of words that may contain blanks.
  fileprivate static func lines(of words: [String], width: Int) -> [String] {
    words.reduce(into: []) { lines, word in
      if let last = lines.last, DisplayWidth.of(last) + 1 + DisplayWidth.of(word) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
  }
}

/// A command for a shell, broken where a backslash lets it go on in the next line.
enum ShellCommand {
  /// Lines of at most `width` columns, the backslash that the caller puts behind all but the last
  /// included; only a word that is wider alone makes a wider line.
  static func lines(_ command: String, width: Int) -> [String] {
    guard DisplayWidth.of(command) > width else { return [command] }
    return WrappedText.lines(of: words(command), width: width - DisplayWidth.of(" \\"))
  }

  /// Its words as they are written; blanks between quotes part none.
  private static func words(_ command: String) -> [String] {
    var words = [""]
    var quote: Character?
    for character in command {
      if character == " ", quote == nil {
        words.append("")
        continue
      }
      if quote == nil, "'\"".contains(character) {
        quote = character
      } else if character == quote {
        quote = nil
      }
      words[words.count - 1].append(character)
    }
    return words.filter { !$0.isEmpty }
  }
}

/// Which characters the reader's terminal has.
struct TextStyle: Equatable {
  /// Whether the locale has more than ASCII.
  var isUnicode = true

  /// What the locale has.
  static var ofLocale: TextStyle {
    TextStyle(isUnicode: isUnicode(CurrentProcess.environment))
  }

  /// `LC_ALL`, `LC_CTYPE`, `LANG`: the first that is set decides.
  static func isUnicode(_ environment: (String) -> String?) -> Bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).first { !$0.isEmpty }
    let name = (set ?? "").lowercased().filter { $0 != "-" }
    return name.hasSuffix("utf8") || name.contains("utf8@")
  }

  /// The text itself, or ASCII that says the same; what ASCII cannot say is a question mark.
  func written(_ text: String) -> String {
    guard !isUnicode, text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "→": result += "->"
      case "×": result += "x"
      case "·", "•": result += "-"
      case "…": result += "..."
      case "█": result += "#"
      case "░": result += "."
      case "‘", "’": result += "'"
      case "“", "”": result += "\""
      case "–", "—": result += "-"
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default: result += "?"
      }
    }
  }

  /// The same of bytes, which need not be UTF-8.
  func written(_ text: [UInt8]) -> [UInt8] {
    guard !isUnicode, text.contains(where: { $0 >= 0x80 }) else { return text }
    return Array(written(String(decoding: text, as: UTF8.self)).utf8)
  }
}
