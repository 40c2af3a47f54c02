/// A command line as it is typed.
struct ShellLine {
  let text: String

  init(_ text: String) { self.text = text }

  /// The words as a shell would read them: blanks part them, single quotes hold them together.
  var words: [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in text {
      if character == "'" {
        isQuoted.toggle()
        word = word ?? ""
      } else if character == " ", !isQuoted {
        if let finished = word { words.append(finished) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return word.map { words + [$0] } ?? words
  }

  /// The program that it runs.
  var program: String { words.first ?? "" }

  /// Broken before options where it is wider than a page, the way a shell lets it be continued.
  func lines(width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for part in parts {
      let joined = line.isEmpty ? part : "\(line) \(part)"
      // Room for a prompt in front and a backslash behind.
      if joined.count + 4 > width, !line.isEmpty {
        lines.append(line + " \\")
        line = "    " + part
      } else {
        line = joined
      }
    }
    return lines + [line]
  }

  /// What stays on one line: an option with its argument, a quoted filter.
  private var parts: [String] {
    var parts: [String] = []
    var isQuoted = false
    for word in text.split(separator: " ").map(String.init) {
      let begins = word.hasPrefix("--") && word.count > 2 || word == "|" || word.hasPrefix("'")
      if parts.isEmpty || begins && !isQuoted {
        parts.append(word)
      } else {
        parts[parts.count - 1] += " \(word)"
      }
      if word.split(separator: "'", omittingEmptySubsequences: false).count % 2 == 0 {
        isQuoted.toggle()
      }
    }
    return parts
  }
}
