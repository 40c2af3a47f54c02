import DemoServers

/// What was typed after `serve`.
struct ServeArguments: Sendable, HasHelp {
  var host: String?
  var port: UInt16?
  var unixName: String?
  /// All the rest, under a model that the first word replaces.
  var plan = ServePlan(.serial)
  var wantsHelp = false
}

extension Option where Arguments == ServeArguments {
  static var serve: [Option<ServeArguments>] { place + queues + service + life }

  private static var place: [Option<ServeArguments>] {
    [
      Option(
        nil, "host", argument: "ADDRESS", help: "address to listen on (default: 127.0.0.1)"
      ) { $0.host = $1 },
      Option(
        "p", "port", argument: "PORT", help: "port to listen on; 0, the default, takes a free one"
      ) {
        (arguments, text) throws(UsageError) in
        arguments.port = try Number.read(text, "--port", 0...UInt16.max)
      },
      Option(
        nil, "unix", argument: "PATH|@NAME",
        help: "a unix socket instead: a file, or an abstract name"
      ) { $0.unixName = $1 },
      Option(nil, "reuse-address", help: "SO_REUSEADDR: bind in spite of TIME-WAIT") {
        $0.plan.listen.reusesAddress = true
      },
      Option(nil, "reuseport", help: "SO_REUSEPORT: each process has a listener of its own") {
        $0.plan.listen.sharesPort = true
      },
    ]
  }

  private static var queues: [Option<ServeArguments>] {
    [
      Option(
        nil, "backlog", argument: "N", help: "connections that may wait for accept (default: 128)"
      ) { (arguments, text) throws(UsageError) in
        arguments.plan.listen.backlog = try Number.read(text, "--backlog", 0...Int32.max)
      },
      Option(
        nil, "workers", argument: "N",
        help: "prefork: processes (default: 3); pool: threads (4); with --reuseport: processes"
      ) { (arguments, text) throws(UsageError) in
        arguments.plan.workers = try Number.read(text, "--workers", 1...1000)
      },
      Option(
        nil, "queue", argument: "N",
        help: "pool: connections that may wait for a thread (default: 16)"
      ) { (arguments, text) throws(UsageError) in
        arguments.plan.queue = try Number.read(text, "--queue", 1...1_000_000)
      },
      Option(
        nil, "join", argument: "SECONDS",
        help: "worker: how long to wait for each child after its accept (default: 1); 0: not at all"
      ) { (arguments, text) throws(UsageError) in
        arguments.plan.join = try Number.seconds(text, "--join")
      },
    ]
  }

  private static var service: [Option<ServeArguments>] {
    [
      Option(
        nil, "handler", argument: "KIND", choices: HandlerChoice.names,
        help: "what is done for each client (default: echo); see Handlers"
      ) { (arguments, text) throws(UsageError) in
        arguments.plan.handler = try handler(text)
      },
      Option(nil, "max-files", argument: "N", help: "how many files may be open (RLIMIT_NOFILE)") {
        (arguments, text) throws(UsageError) in
        arguments.plan.maxFiles = try Number.read(text, "--max-files", 0...UInt(Int32.max))
      },
    ]
  }

  private static var life: [Option<ServeArguments>] {
    [
      Option(
        nil, "for", argument: "SECONDS", help: "stop after SECONDS (default: run until interrupted)"
      ) {
        (arguments, text) throws(UsageError) in
        arguments.plan.duration = try Number.seconds(text, "--for")
      },
      Option("q", "quiet", help: "no line for each connection") { $0.plan.isQuiet = true },
      Option(nil, "die-with-parent", help: "end when the process that started it ends") {
        $0.plan.diesWithParent = true
      },
      help,
    ]
  }

  /// `KIND` or `KIND:ARGUMENT`; a wrong kind is answered with the nearest right one.
  private static func handler(_ text: String) throws(UsageError) -> HandlerChoice {
    let kind = String(text.prefix { $0 != ":" })
    guard HandlerChoice.names.contains(kind) else {
      throw Choice.unknown(kind, of: "handler", among: HandlerChoice.names)
    }
    do { return try HandlerChoice(text) } catch { throw UsageError(error.message) }
  }
}

/// `sockinspect serve MODEL`: a demo server in the foreground.
enum ServeCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = ServeArguments()
    let parser = OptionParser(command: "sockinspect serve", options: Option<ServeArguments>.serve)
    let rest = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("serve") }
    do {
      try ServerStart.run(try plan(rest, arguments))
    } catch let error as DemoError {
      return try ExitStatus(showing: error)
    }
  }

  /// The hidden command for a server's own child processes.
  static func runChild(_ words: [String]) throws(UsageError) -> ExitStatus {
    do {
      try ServerChild.run(words)
    } catch {
      return try ExitStatus(showing: error)
    }
  }

  /// What MODEL and KIND can be.
  static var glossaries: [Glossary] {
    [
      Glossary(
        title: "Models", words: ServerModel.allCases.map { ($0.rawValue, $0.meaning) }),
      Glossary(
        title: "Handlers", words: HandlerChoice.meanings.map { ($0.spelling, $0.meaning) }),
    ]
  }

  private static func plan(_ words: [String], _ arguments: ServeArguments) throws -> ServePlan {
    let models = ServerModel.allCases.map(\.rawValue)
    guard words.count == 1 else {
      throw UsageError("serve takes one MODEL: \(models.joined(separator: ", "))")
    }
    var plan = arguments.plan
    plan.model = try Choice.read(words[0], of: "model")
    plan.listen.address = try address(arguments)
    return plan
  }

  private static func address(_ arguments: ServeArguments) throws -> SocketAddress {
    guard let name = arguments.unixName else {
      return try .internet(arguments.host ?? "127.0.0.1", port: arguments.port ?? 0)
    }
    guard arguments.host == nil, arguments.port == nil else {
      throw UsageError("--unix stands instead of --host and --port, not beside them")
    }
    return try .unix(name)
  }
}
