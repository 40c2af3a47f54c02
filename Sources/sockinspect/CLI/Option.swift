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
