import DemoServers

/// The commands there are, and which of them a command line means.
enum CommandList {
  static var all: [Command] {
    [
      list, listen, diagnose, watch, counters, metrics, explain, record, kill, serve, chat, load,
      demo, help, completions,
    ]
  }

  static var list: Command {
    Command(
      name: "list", summary: "sockets, one row each; the default, takes ss's letters",
      usage: "[OPTION]... [FILTER]",
      options: Option<ListArguments>.list,
      run: ListCommand.run)
  }

  static var listen: Command {
    Command(
      name: "listen",
      summary: "listeners: what waits at them and how long, drops, who should accept",
      usage: "[OPTION]... [FILTER]",
      options: Option<ListenArguments>.listen,
      run: ListenCommand.run)
  }

  static var diagnose: Command {
    Command(
      name: "diagnose", aliases: ["why"],
      summary: "what is wrong, why, on which evidence, and what to do; also: why",
      usage: "[OPTION]... [TARGET]",
      options: Option<DiagnoseArguments>.diagnose,
      run: DiagnoseCommand.run)
  }

  static var counters: Command {
    Command(
      name: "counters",
      summary: "the kernel's protocol counters: values, changes, and what each of them means",
      usage: "[OPTION]... [NAME]...",
      options: Option<CountersArguments>.counters,
      run: CountersCommand.run)
  }

  static var explain: Command {
    Command(
      name: "explain",
      summary: "what a word on the screen means: a state, a column, a counter, a finding",
      usage: "[TOPIC]...",
      options: Option<ExplainArguments>.explain,
      run: ExplainCommand.run)
  }

  static var metrics: Command {
    Command(
      name: "metrics",
      summary: "listeners as metrics for Prometheus: queues, waits, drops",
      usage: "[OPTION]... [FILTER]",
      options: Option<MetricsArguments>.metrics,
      run: MetricsCommand.run)
  }

  static var watch: Command {
    Command(
      name: "watch",
      summary: "listeners live, full screen; also connections by state, and counters",
      usage: "[OPTION]... [FILTER]",
      options: Option<WatchArguments>.watch,
      run: WatchCommand.run)
  }

  static var record: Command {
    Command(
      name: "record",
      summary: "write all that the other commands read into one file, for --from FILE",
      usage: "[OPTION]... FILE",
      options: Option<RecordArguments>.record,
      run: RecordCommand.run)
  }

  static var demo: Command {
    Command(
      name: "demo",
      summary: "a guided tour of one lesson or all; or a scenario to look at",
      usage: "[LESSON] [--no-pause] | --list | SCENARIO --hold",
      options: Option<DemoArguments>.demo,
      run: DemoCommand.run)
  }

  static var kill: Command {
    Command(
      name: "kill",
      summary: "close sockets of other programs; shows what it would do, --yes does it",
      usage: "FILTER [--yes]",
      options: Option<KillArguments>.kill,
      run: KillCommand.run)
  }

  static var serve: Command {
    Command(
      name: "serve",
      summary: "run a demo server that goes wrong on purpose",
      usage: "MODEL [OPTION]...",
      options: Option<ServeArguments>.serve,
      glossaries: ServeCommand.glossaries,
      run: ServeCommand.run)
  }

  /// Not listed: what `serve` calls its own child processes with.
  private static var serveChild: Command {
    Command(
      name: ServerChild.command, summary: "", usage: "", run: ServeCommand.runChild)
  }

  static var chat: Command {
    Command(
      name: "chat",
      summary: "talk to a server: type a line, see the answer; q quits",
      usage: "HOST:PORT|unix:PATH",
      options: Option<ChatArguments>.chat, run: ChatCommand.run)
  }

  static var load: Command {
    Command(
      name: "load",
      summary: "many clients at once: talking, silent, hanging up, never reading",
      usage: "HOST:PORT|unix:PATH [OPTION]...",
      options: Option<LoadArguments>.load,
      glossaries: LoadCommand.glossaries,
      run: LoadCommand.run)
  }

  static var help: Command {
    Command(
      name: "help", summary: "the commands, the options of one, or a manual page",
      usage: "[COMMAND] | --man [PAGE]",
      options: Option<HelpArguments>.helpCommand,
      run: HelpCommand.run)
  }

  static var completions: Command {
    Command(
      name: "completions", summary: "a completion script for bash, zsh or fish",
      usage: "bash|zsh|fish", run: CompletionsCommand.run)
  }

  static func named(_ name: String) -> Command? {
    (all + [serveChild]).first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The command and the other words; options may stand before it. Without a command's name it is
  /// `list`: filters and ss's letters stand alone.
  static func split(_ words: [String]) -> (Command, [String]) {
    guard let first = words.first else { return (list, words) }
    if let command = named(first) { return (command, Array(words.dropFirst())) }
    guard first.hasPrefix("-"), words.dropFirst().contains(where: { named($0) != nil }),
      let place = firstPlainWord(words), let command = named(words[place])
    else { return (list, words) }
    return (command, Array(words[..<place] + words[(place + 1)...]))
  }

  /// The place of the first word that is neither an option nor the argument of one; what takes an
  /// argument is asked of `list` first, then of the other commands.
  private static func firstPlainWord(_ words: [String]) -> Int? {
    let options = list.options + all.dropFirst().flatMap(\.options)
    var place = 0
    while place < words.count {
      let word = words[place]
      guard word.hasPrefix("-"), word.count > 1 else { return place }
      if word == "--" { return nil }
      place += takesNext(word, options) ? 2 : 1
    }
    return nil
  }

  private static func takesNext(_ word: String, _ options: [OptionDescription]) -> Bool {
    if word.hasPrefix("--") {
      let name = word.dropFirst(2)
      let option =
        options.first { $0.names.contains(String(name)) }
        ?? options.first { $0.names.contains { $0.hasPrefix(name) } }
      return !name.contains("=") && option?.argument != nil
    }
    // Of clustered letters the first that takes an argument has the rest of the word.
    for (place, letter) in word.dropFirst().enumerated() {
      guard let option = options.first(where: { $0.letter == letter }) else { return false }
      if option.argument != nil { return place == word.count - 2 }
    }
    return false
  }

  /// What a word was probably meant as that is no command; nil when none is near.
  static func near(_ word: String) -> String? {
    word.lowercased() == "version" ? "--version" : NearestWord.to(word, among: all.map(\.name))
  }

  static func unknown(_ name: String) -> UsageError {
    UsageError(
      "unknown command", name, among: all.map(\.name), orElse: "'sockinspect help' lists them")
  }
}
