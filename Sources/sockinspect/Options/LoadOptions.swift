import DemoServers

/// What was typed after `load`.
struct LoadArguments: Sendable {
  var kind = LoadKind.talk
  var connections = 10
  var rate: Int?
  var requests: Int?
  /// Seconds.
  var duration: Double?
  /// Seconds; 0 and nil leave it to the kernel.
  var patience: Double?
  var messageSize: Int?
  var isJSON = false
  var isQuiet = false
  var diesWithParent = false
  var wantsHelp = false
}

extension Option where Arguments == LoadArguments {
  static var load: [Option<LoadArguments>] { amounts + behaviour + shape }

  private static var amounts: [Option<LoadArguments>] {
    [
      Option("c", "connections", argument: "N", help: "so many clients (10)") {
        (arguments, text) throws(UsageError) in
        arguments.connections = try Number.read(text, "--connections", 1...1_000_000)
      },
      Option(
        nil, "rate", argument: "N/s",
        help: "begin at most N connections, and N messages, per second"
      ) { (arguments, text) throws(UsageError) in
        let number = text.hasSuffix("/s") ? String(text.dropLast(2)) : text
        arguments.rate = try Number.read(number, "--rate", 1...1_000_000)
      },
      Option(
        nil, "requests", argument: "N",
        help: "so many messages in all, divided among the clients; talk sends one each without"
      ) { (arguments, text) throws(UsageError) in
        arguments.requests = try Number.read(text, "--requests", 1...1_000_000_000_000)
      },
      Option(nil, "for", argument: "SECONDS", help: "end after so long") {
        (arguments, text) throws(UsageError) in
        arguments.duration = try Number.seconds(text, "--for")
      },
    ]
  }

  private static var behaviour: [Option<LoadArguments>] {
    [
      Option(
        "k", "kind", argument: "KIND", choices: LoadKind.allCases.map(\.rawValue),
        help: "how the clients behave"
      ) { (arguments, text) throws(UsageError) in
        arguments.kind = try Choice.read(text, of: "kind of client")
      },
      Option(
        nil, "timeout", argument: "SECONDS",
        help: "give up a connect, or talk's answer, after so long; else the kernel decides"
      ) { (arguments, text) throws(UsageError) in
        arguments.patience = try Number.seconds(text, "--timeout")
      },
      Option(
        nil, "size", argument: "BYTES",
        help: "length of a message with its newline (32; never-read 1024)"
      ) { (arguments, text) throws(UsageError) in
        arguments.messageSize = try Number.read(text, "--size", 2...16_777_216)
      },
      Option(nil, "die-with-parent", help: "end when the process that started it ends") {
        $0.diesWithParent = true
      },
    ]
  }

  private static var shape: [Option<LoadArguments>] {
    [
      Option("j", "json", help: "the report as one JSON object; the ready line is an error line") {
        $0.isJSON = true
      },
      Option("q", "quiet", help: "no progress on standard error") { $0.isQuiet = true },
      Option("h", "help", help: "show this help") { $0.wantsHelp = true },
    ]
  }
}
