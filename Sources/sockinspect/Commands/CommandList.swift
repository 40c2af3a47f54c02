/// The commands there are, and the names that later versions will fill.
enum CommandList {
  static var all: [Command] { [list, listen, record, help, completions] }

  static var list: Command {
    Command(
      name: "list", aliases: [], summary: "sockets, one row each; the default, takes ss's letters",
      usage: "[OPTION]... [FILTER]",
      options: Option<ListArguments>.list.map(OptionDescription.init),
      run: ListCommand.run)
  }

  static var listen: Command {
    Command(
      name: "listen", aliases: [],
      summary: "listeners: what waits at them and how long, drops, who should accept",
      usage: "[OPTION]... [FILTER]",
      options: Option<ListenArguments>.listen.map(OptionDescription.init),
      run: ListenCommand.run)
  }

  static var record: Command {
    Command(
      name: "record", aliases: [],
      summary: "one file with all that the other commands read; they take --from FILE",
      usage: "[OPTION]... FILE",
      options: Option<RecordArguments>.record.map(OptionDescription.init),
      run: RecordCommand.run)
  }

  static var help: Command {
    Command(
      name: "help", aliases: [], summary: "this overview, or the options of a command",
      usage: "[COMMAND]", options: [], run: HelpCommand.run)
  }

  static var completions: Command {
    Command(
      name: "completions", aliases: [], summary: "a completion script for bash, zsh or fish",
      usage: "bash|zsh|fish", options: [], run: CompletionsCommand.run)
  }

  /// Commands of the interface whose time has not come. They are no filter words: `watch` must
  /// not become a search for a process of that name.
  static let later = [
    "diagnose", "why", "watch", "counters", "explain", "diff", "metrics", "kill",
    "serve", "chat", "load", "demo",
  ]

  static func named(_ name: String) -> Command? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }
}
