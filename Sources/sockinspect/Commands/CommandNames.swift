/// Decides which command a command line means.
enum CommandNames {
  /// The command and the words behind it. Without a command's name it is `list`: filters and
  /// ss's letters stand alone.
  static func split(_ words: [String]) throws(UsageError) -> (Command, [String]) {
    guard let first = words.first else { return (CommandList.list, []) }
    if let command = CommandList.named(first) { return (command, Array(words.dropFirst())) }
    if CommandList.later.contains(first) {
      throw UsageError(
        "the command '\(first)' is not in this version; 'sockinspect help' lists those that are")
    }
    return (CommandList.list, words)
  }

  static func unknown(_ name: String) -> UsageError {
    let shown = SafeText.string(name)
    if CommandList.later.contains(name) {
      return UsageError("the command '\(shown)' is not in this version")
    }
    let near = NearestWord.to(name, among: CommandList.all.map(\.name))
    let hint = near.map { "did you mean \($0)?" } ?? "'sockinspect help' lists them"
    return UsageError("unknown command '\(shown)'; \(hint)")
  }
}
