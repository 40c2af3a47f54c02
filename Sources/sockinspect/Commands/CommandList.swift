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
      name: "list", summary: "list sockets, one row each: the default; takes the options of ss",
      usage: "[OPTION]... [FILTER]",
      options: Option<ListArguments>.list,
      run: ListCommand.run
    )
    .showing(
      Example("-tlnp", "listening TCP sockets and the processes that have them open"),
      Example(":8080", "everything at port 8080"),
      Example("'fill >= 80%'", "listeners whose accept queue is nearly full"),
      Example("-s state time-wait", "how many connections are in TIME-WAIT"))
  }

  static var listen: Command {
    Command(
      name: "listen",
      summary: "list listeners: what waits in their queues, and who should accept it",
      usage: "[OPTION]... [FILTER]",
      options: Option<ListenArguments>.listen,
      run: ListenCommand.run
    )
    .showing(
      Example("listen :8080", "who listens there, how full its queue is, what waits in it"),
      Example("listen --waiting :8080", "each connection that waits, and its client"),
      Example("listen --interval 5", "which listeners drop connections now"))
  }

  static var diagnose: Command {
    Command(
      name: "diagnose", aliases: ["why"],
      summary: "say what is wrong, why, and what to do; also: why",
      usage: "[OPTION]... [TARGET]",
      options: Option<DiagnoseArguments>.diagnose,
      run: DiagnoseCommand.run
    )
    .showing(
      Example("diagnose :8080", "why clients of port 8080 hang"),
      Example("diagnose", "what is wrong on this host"),
      Example("diagnose --brief", "a line for each cause; exit status 2 is critical, 1 a warning"),
      Example("diagnose --format html >report.html", "a page for the ticket"))
  }

  static var counters: Command {
    Command(
      name: "counters",
      summary: "show the kernel's protocol counters, what changed, and what each of them means",
      usage: "[OPTION]... [NAME]...",
      options: Option<CountersArguments>.counters,
      run: CountersCommand.run
    )
    .showing(
      Example("counters --interval 10", "what changes within 10 s"),
      Example("counters ListenDrops", "one counter, and what it means"))
  }

  static var explain: Command {
    Command(
      name: "explain",
      summary: "explain a word on the screen: a state, a column, a counter, a finding",
      usage: "[TOPIC]...",
      options: Option<ExplainArguments>.explain,
      run: ExplainCommand.run
    )
    .showing(
      Example("explain recv-q", "a column"),
      Example("explain TIME-WAIT", "a state"),
      Example("explain 'connection reset by peer'", "an error"))
  }

  static var metrics: Command {
    Command(
      name: "metrics",
      summary: "print listeners as metrics for Prometheus: queues, waits, drops",
      usage: "[OPTION]... [FILTER]",
      options: Option<MetricsArguments>.metrics,
      run: MetricsCommand.run
    )
    .showing(
      Example("metrics | grep listener_drops", "alert when one rises: contrib/ has the rules"),
      Example(
        "metrics --output /var/lib/node_exporter/sockinspect.prom",
        "for node_exporter, from a timer"))
  }

  static var watch: Command {
    Command(
      name: "watch",
      summary: "watch listeners, states and counters live, on the whole screen",
      usage: "[OPTION]... [FILTER]",
      options: Option<WatchArguments>.watch,
      run: WatchCommand.run
    )
    .showing(
      Example("watch", "all listeners; ? lists the keys"),
      Example("watch :8080", "one of them"))
  }

  static var record: Command {
    Command(
      name: "record",
      summary: "record what the other commands read, to be shown with --from FILE",
      usage: "[OPTION]... FILE",
      options: Option<RecordArguments>.record,
      run: RecordCommand.run
    )
    .showing(
      Example("record --samples 2 host.rec", "two moments, 1 s apart"),
      Example("diagnose --from host.rec", "look at them later, elsewhere"))
  }

  static var demo: Command {
    Command(
      name: "demo",
      summary: "take a guided tour, or make a scenario to look at",
      usage: "[LESSON] [--no-pause] | --list | SCENARIO --hold",
      options: Option<DemoArguments>.demo,
      run: DemoCommand.run
    )
    .showing(
      Example("demo prefork", "one lesson of the course"),
      Example("demo --list", "the scenarios there are"),
      Example("demo prefork-full --hold", "make one, and look at it with diagnose"))
  }

  static var kill: Command {
    Command(
      name: "kill",
      summary: "close sockets of other programs: shows which, and does it with --yes",
      usage: "FILTER [--yes]",
      options: Option<KillArguments>.kill,
      run: KillCommand.run
    )
    .showing(
      Example("kill dst 10.0.0.9", "which connections it would close"),
      Example("kill dst 10.0.0.9 --yes", "close them"))
  }

  static var serve: Command {
    Command(
      name: "serve",
      summary: "run a demo server that goes wrong on purpose",
      usage: "MODEL [OPTION]...",
      options: Option<ServeArguments>.serve,
      glossaries: ServeCommand.glossaries,
      run: ServeCommand.run
    )
    .showing(
      Example("serve prefork --port 8080 --workers 3", "three processes behind one port"))
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
      summary: "run many clients at once: talking, silent, hanging up, never reading",
      usage: "HOST:PORT|unix:PATH [OPTION]...",
      options: Option<LoadArguments>.load,
      glossaries: LoadCommand.glossaries,
      run: LoadCommand.run
    )
    .showing(
      Example("load 127.0.0.1:8080 -c 10 -k silent", "ten clients that connect and send nothing"))
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
      name: "completions", summary: "print a completion script for bash, zsh or fish",
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
