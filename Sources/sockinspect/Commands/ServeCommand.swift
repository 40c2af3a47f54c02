import DemoServers

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
      return try DemoFailure.status(of: error)
    }
  }

  /// The hidden command for a server's own child processes.
  static func runChild(_ words: [String]) throws -> ExitStatus {
    do {
      try ServerChild.run(words)
    } catch {
      return try DemoFailure.status(of: error)
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
