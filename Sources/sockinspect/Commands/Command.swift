/// A command of the program: its name, what it is for, how it is called, what it does.
struct Command {
  let name: String
  let aliases: [String]
  /// One line for the overview.
  let summary: String
  /// What follows the name in its usage line.
  let usage: String
  /// Its options, for help and completions.
  let options: [OptionDescription]
  /// Words of its own that its help explains below the options.
  var glossaries: [Glossary] = []
  let run: ([String]) throws -> ExitStatus
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

  /// `-f, --family FAMILY`.
  var title: String {
    let letters = letter.map { ["-\($0)"] } ?? []
    let spelled = (letters + names.map { "--\($0)" }).joined(separator: ", ")
    return argument.map { "\(spelled) \($0)" } ?? spelled
  }
}
