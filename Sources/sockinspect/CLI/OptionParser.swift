/// Reads options the way getopt_long does: clustered letters, `--name=value`, unambiguous
/// beginnings of names, options behind other words, `--` as their end.
struct OptionParser<Arguments> {
  let command: String
  let options: [Option<Arguments>]

  /// Applies the options and answers the other words.
  func parse(
    _ words: [String], into arguments: inout Arguments
  ) throws(UsageError) -> [String] {
    var rest: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" { return rest + words[index...] }
      if word.hasPrefix("--") {
        try parseName(word, words, &index, &arguments)
      } else if word.hasPrefix("-"), word.count > 1 {
        try parseLetters(word, words, &index, &arguments)
      } else {
        rest.append(word)
      }
    }
    return rest
  }

  private func parseName(
    _ word: String, _ words: [String], _ index: inout Int, _ arguments: inout Arguments
  ) throws(UsageError) {
    let parts = word.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let option = try option(named: name)
    if option.argument == nil {
      if parts.count > 1 { throw UsageError("option --\(name) takes no argument") }
      return try option.apply(&arguments, "")
    }
    let value = try parts.count > 1 ? String(parts[1]) : next(words, &index, option)
    try option.apply(&arguments, value)
  }

  private func parseLetters(
    _ word: String, _ words: [String], _ index: inout Int, _ arguments: inout Arguments
  ) throws(UsageError) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.letter == letter }) else {
        throw UsageError(
          "unknown option -\(SafeText.string(String(letter))); '\(command) --help' lists them all")
      }
      if option.argument == nil {
        try option.apply(&arguments, "")
      } else {
        let value = try letters.isEmpty ? next(words, &index, option) : String(letters)
        return try option.apply(&arguments, value)
      }
    }
  }

  private func next(
    _ words: [String], _ index: inout Int, _ option: Option<Arguments>
  ) throws(UsageError) -> String {
    guard index < words.count else {
      let spellings = OptionDescription(option).spellings.joined(separator: ", ")
      throw UsageError("option \(spellings) needs an argument: \(option.argument ?? "")")
    }
    index += 1
    return words[index - 1]
  }

  private func option(named name: String) throws(UsageError) -> Option<Arguments> {
    if let exact = options.first(where: { $0.names.contains(name) }) { return exact }
    // Every name begins with nothing, but `--=x` means none of them.
    let candidates =
      name.isEmpty ? [] : options.filter { $0.names.contains { $0.hasPrefix(name) } }
    if candidates.count == 1 { return candidates[0] }
    let known = options.flatMap(\.names)
    let close =
      candidates.isEmpty
      ? NearestWord.to(name, among: known).map { [$0] } ?? []
      : candidates.flatMap(\.names).filter { $0.hasPrefix(name) }
    let hint =
      close.isEmpty
      ? "'\(command) --help' lists them all"
      : "did you mean \(close.map { "--\($0)" }.joined(separator: " or "))?"
    throw UsageError("unknown option --\(SafeText.string(name)); \(hint)")
  }
}
