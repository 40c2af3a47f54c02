/// Something that the output of a command contains on every machine.
///
/// A pattern is compared with a line, blanks counting as one; `…` stands for anything. The manual
/// page prints the patterns as the output to expect.
enum ExpectedOutput: Sendable, Equatable {
  /// At least one line is like this.
  case line(String)
  /// Exactly so many lines are like this.
  case lines(Int, String)
  /// So many or more lines are like this.
  case atLeast(Int, String)
  /// No line is like this.
  case none(String)

  var pattern: String {
    switch self {
    case .line(let pattern), .lines(_, let pattern), .atLeast(_, let pattern), .none(let pattern):
      pattern
    }
  }

  func isKept(by output: String) -> Bool {
    let pattern = LinePattern(pattern)
    let count = output.split(whereSeparator: \.isNewline).count { pattern.matches(String($0)) }
    switch self {
    case .line: return count > 0
    case .lines(let wanted, _): return count == wanted
    case .atLeast(let wanted, _): return count >= wanted
    case .none: return count == 0
    }
  }

  /// As it stands on the manual page and in messages.
  var shown: String {
    switch self {
    case .line(let pattern): pattern
    case .lines(1, let pattern): "\(pattern)   (once)"
    case .lines(let count, let pattern): "\(pattern)   (\(count) times)"
    case .atLeast(let count, let pattern): "\(pattern)   (\(count) times or more)"
    case .none(let pattern): "(no line \(pattern))"
    }
  }
}

/// Pieces of text that follow each other in a line, with anything between them.
struct LinePattern {
  private let glob: Glob

  init(_ pattern: String) {
    var bytes: [UInt8] = []
    for byte in Self.squeezed(pattern) {
      // The three bytes of `…`; the signs of shell patterns stand for themselves.
      if byte == 0xE2 { bytes.append(UInt8(ascii: "*")) }
      if byte == 0xE2 || byte == 0x80 || byte == 0xA6 { continue }
      if Self.signs.contains(byte) { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    glob = Glob(bytes)
  }

  func matches(_ line: String) -> Bool { glob.matches(Self.squeezed(line)) }

  private static let signs = Array("*?[\\".utf8)

  /// Runs of blanks as one, none at the ends.
  private static func squeezed(_ text: String) -> [UInt8] {
    Array(text.split { $0 == " " || $0 == "\t" }.joined(separator: " ").utf8)
  }
}
