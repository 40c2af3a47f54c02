/// A command of the program: its name, what it is for, how it is called, what it does.
struct Command {
  let name: String
  let aliases: [String]
  /// One line for the overview.
  let summary: String
  /// What follows the name in its usage line.
  let usage: String
  let run: ([String]) throws -> ExitStatus
  /// Lines to type, each with what it is good for: what its help shows first.
  private(set) var examples: [Example] = []
  private let describeOptions: () -> [OptionDescription]
  private let describeWords: () -> [Glossary]

  /// A command without options.
  init(name: String, summary: String, usage: String, run: @escaping ([String]) throws -> ExitStatus)
  {
    (self.name, self.summary, self.usage, self.run) = (name, summary, usage, run)
    (aliases, describeOptions, describeWords) = ([], { [] }, { [] })
  }

  /// Options and glossaries are made when help or completions ask for them: every start of the
  /// program goes through the list of commands, and has to be quick.
  init<Arguments>(
    name: String, aliases: [String] = [], summary: String, usage: String,
    options: @autoclosure @escaping () -> [Option<Arguments>],
    glossaries: @autoclosure @escaping () -> [Glossary] = [],
    run: @escaping ([String]) throws -> ExitStatus
  ) {
    (self.name, self.aliases, self.summary, self.usage) = (name, aliases, summary, usage)
    describeOptions = { options().map(OptionDescription.init) }
    (describeWords, self.run) = (glossaries, run)
  }

  func showing(_ examples: Example...) -> Command {
    var command = self
    command.examples = examples
    return command
  }

  /// Its options, for help and completions.
  var options: [OptionDescription] { describeOptions() }
  /// Words of its own that its help explains below the options.
  var glossaries: [Glossary] { describeWords() }
}

/// A command line as one types it behind `sockinspect`, and what it is good for.
struct Example {
  let line: String
  let purpose: String

  init(_ line: String, _ purpose: String) { (self.line, self.purpose) = (line, purpose) }
}

/// A list of words with their meanings.
struct Glossary {
  let title: String
  let words: [(word: String, meaning: String)]
}

/// An option as help and completions see it, whatever it sets.
struct OptionDescription {
  let letter: Character?
  let names: [String]
  let argument: String?
  let choices: [String]
  let help: String

  init<Arguments>(_ option: Option<Arguments>) {
    letter = option.letter
    names = option.names
    argument = option.argument
    choices = option.choices
    help = option.help
  }

  /// `-f` and `--family`.
  var spellings: [String] { (letter.map { ["-\($0)"] } ?? []) + names.map { "--\($0)" } }

  /// `-f, --family FAMILY`.
  var title: String {
    let spelled = spellings.joined(separator: ", ")
    return argument.map { "\(spelled) \($0)" } ?? spelled
  }
}
