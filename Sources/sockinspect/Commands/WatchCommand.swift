import ProcNet

/// `sockinspect watch`: listeners, states and counters, live.
enum WatchCommand {
  /// Runs the command and answers its exit status.
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = WatchArguments()
    let parser = OptionParser(command: "sockinspect watch", options: Option.watch)
    arguments.listen.words = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("watch") }
    if arguments.common.listsColumns { return try ColumnSet.listeners.list() }
    let screen = isForScreen(arguments) ? FullScreen() : nil
    try arguments.check(isScreen: screen != nil)
    let place = try WatchScope(arguments.listen)
    guard let screen else {
      var lines = try WatchLines(arguments, place)
      return try lines.run()
    }
    var loop = try WatchLoop(arguments, place)
    return try loop.run(on: screen)
  }

  /// A recording holds one moment, so there is nothing to watch.
  private static func isForScreen(_ arguments: WatchArguments) -> Bool {
    let common = arguments.common
    let isDumb = ["dumb", ""].contains(CurrentProcess.environment("TERM") ?? "")
    return !arguments.isPlain && common.format == .table && common.recording == nil && !isDumb
      && OutputFile.standardOutput.isTerminal
  }
}
