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

  /// `-t, --tcp` as people refer to it.
  var title: String {
    let letters = letter.map { ["-\($0)"] } ?? []
    return (letters + names.map { "--\($0)" }).joined(separator: ", ")
  }
}
