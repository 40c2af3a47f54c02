import DemoServers

/// One option of a command: names, argument, help and meaning in one value. The parser, `help`,
/// the completions and the manual's test all come from the list of these.
struct Option<Arguments> {
  let letter: Character?
  let names: [String]
  /// What the argument is called in the help; nil when there is none.
  let argument: String?
  let help: String
  /// The words an argument can be, for completion.
  let choices: [String]
  let apply: (inout Arguments, String) throws(UsageError) -> Void

  /// An option without an argument.
  init(
    _ letter: Character?, _ names: String..., help: String,
    set: @escaping (inout Arguments) throws(UsageError) -> Void
  ) {
    self.letter = letter
    self.names = names
    argument = nil
    self.help = help
    choices = []
    apply = { (arguments, _) throws(UsageError) in try set(&arguments) }
  }

  /// An option with an argument.
  init(
    _ letter: Character?, _ names: String..., argument: String, choices: [String] = [],
    help: String,
    set: @escaping (inout Arguments, String) throws(UsageError) -> Void
  ) {
    self.letter = letter
    self.names = names
    self.argument = argument
    self.help = help
    self.choices = choices
    apply = set
  }

  /// An option of another command that is understood here, too.
  init<Inner>(
    _ inner: Option<Inner>, at place: WritableKeyPath<Arguments, Inner>
  ) {
    letter = inner.letter
    names = inner.names
    argument = inner.argument
    help = inner.help
    choices = inner.choices
    apply = { (arguments, text) throws(UsageError) in
      try inner.apply(&arguments[keyPath: place], text)
    }
  }
}

/// One word of a closed list.
enum Choice {
  static func read<Parsed: RawRepresentable & CaseIterable>(
    _ text: String, of kind: String
  ) throws(UsageError) -> Parsed where Parsed.RawValue == String {
    if let value = Parsed(rawValue: text) { return value }
    throw unknown(text, of: kind, among: Parsed.allCases.map(\.rawValue))
  }

  /// The nearest right word, or all of them when none is near.
  static func unknown(_ text: String, of kind: String, among names: [String]) -> UsageError {
    UsageError(
      "unknown \(kind)", text, among: names, orElse: "it is one of \(names.joined(separator: ", "))"
    )
  }
}

/// Numbers as options take them: digits, within bounds.
enum Number {
  static func read<Parsed: FixedWidthInteger>(
    _ text: String, _ option: String, _ bounds: ClosedRange<Parsed>
  ) throws(UsageError) -> Parsed {
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isPlain, let value = Parsed(text), bounds.contains(value) else {
      throw UsageError(
        "\(option) takes a number from \(bounds.lowerBound) to \(bounds.upperBound), not '\(text)'")
    }
    return value
  }

  static func seconds(_ text: String, _ option: String) throws(UsageError) -> Double {
    do { return try Seconds.read(text) } catch { throw UsageError("\(option): \(error.message)") }
  }
}

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
        throw notTaken { $0.letter == letter }
          ?? UsageError(
            "unknown option -\(SafeText.string(String(letter))); '\(command) --help' lists them all"
          )
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

  /// A common option that this command does not have is not a mistyped one.
  private func notTaken(_ isMeant: (OptionDescription) -> Bool) -> UsageError? {
    CommonOptions.spelling(of: isMeant).map {
      UsageError("'\(command)' does not take \($0); '\(command) --help' lists what it takes")
    }
  }

  private func option(named name: String) throws(UsageError) -> Option<Arguments> {
    if let exact = options.first(where: { $0.names.contains(name) }) { return exact }
    // Every name begins with nothing, but `--=x` means none of them.
    let candidates =
      name.isEmpty ? [] : options.filter { $0.names.contains { $0.hasPrefix(name) } }
    if candidates.count == 1 { return candidates[0] }
    if candidates.isEmpty, let error = notTaken({ $0.names.contains(name) }) { throw error }
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
