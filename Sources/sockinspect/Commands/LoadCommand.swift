import DemoServers
import ProcNet

/// What was typed after `load`.
struct LoadArguments: Sendable, HasHelp {
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
      Option("c", "connections", argument: "N", help: "number of clients (default: 10)") {
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
        help: "number of messages in all, divided among the clients; without it talk sends one each"
      ) { (arguments, text) throws(UsageError) in
        arguments.requests = try Number.read(text, "--requests", 1...1_000_000_000_000)
      },
      Option(nil, "for", argument: "SECONDS", help: "stop after SECONDS") {
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
        help: "give up a connect, or talk's answer, after SECONDS; else the kernel decides"
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
      help,
    ]
  }
}

/// `sockinspect load HOST:PORT`: many clients at once, well-behaved or not.
enum LoadCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = LoadArguments()
    let parser = OptionParser(command: "sockinspect load", options: Option<LoadArguments>.load)
    let rest = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("load") }
    guard rest.count == 1 else {
      throw UsageError("load takes one HOST:PORT or unix:PATH to connect to")
    }
    do {
      return try run(plan(to: rest[0], arguments), arguments)
    } catch let error as DemoError {
      return try ExitStatus(showing: error)
    }
  }

  static var glossaries: [Glossary] {
    [
      Glossary(title: "Kinds", words: LoadKind.allCases.map { ($0.rawValue, $0.meaning) }),
      Glossary(title: "It ends", words: ends),
      Glossary(title: "Exit status", words: statuses),
    ]
  }

  private static let ends = [
    ("talk", "when every client has sent its share, or after --for"),
    ("hang-up", "after --requests or --for, or like the others"),
    ("the others", "after --for; else at the end of input, if that is a pipe or a terminal"),
    ("always", "at Ctrl-C or SIGTERM, with the report"),
  ]

  private static let statuses = [
    ("0", "it did what was asked"),
    ("1", "nothing could be connected, or answers that were asked for are missing"),
    ("64", "wrong usage"),
  ]

  private static func plan(to target: String, _ arguments: LoadArguments) throws -> LoadPlan {
    if arguments.requests != nil, !arguments.kind.sendsMessages {
      throw UsageError(
        "--requests: \(arguments.kind.rawValue) clients send no messages to count")
    }
    var plan = LoadPlan(
      to: try SocketAddress(target), kind: arguments.kind, connections: arguments.connections)
    let isOneEach = plan.kind == .talk && arguments.duration == nil
    plan.requests = arguments.requests ?? (isOneEach ? arguments.connections : nil)
    plan.rate = arguments.rate
    plan.duration = arguments.duration.map { UInt64($0 * 1e9) }
    plan.patience = arguments.patience.flatMap { $0 > 0 ? UInt64($0 * 1e9) : nil }
    plan.messageSize = arguments.messageSize ?? plan.messageSize
    plan.endsWithInput = plan.kind != .talk && plan.duration == nil
    plan.progressInterval = LoadProgressLine.interval(isQuiet: arguments.isQuiet)
    return plan
  }

  private static func run(_ plan: LoadPlan, _ arguments: LoadArguments) throws -> ExitStatus {
    if arguments.diesWithParent { ParentDeath.endsUs() }
    let load = try Load(plan)
    tellOfLimit(load)
    var line = LoadProgressLine()
    while true {
      switch try load.next() {
      case .ready(let connected): try tellReady(load, connected, arguments, &line)
      case .progress(let progress): line.show(progress)
      case .ended(let report):
        line.clear()
        try report.write(isJSON: arguments.isJSON)
        return report.didWhatWasAsked ? .done : .failed
      }
    }
  }

  private static func tellOfLimit(_ load: Load) {
    guard load.connections < load.plan.connections else { return }
    Notice.show(
      "note: \(load.connections) of \(load.plan.connections) connections: the limit of open files"
        + " allows no more (ulimit -n, and -Hn for its own limit)")
  }

  /// With `--json` standard output holds the report and nothing else.
  private static func tellReady(
    _ load: Load, _ connected: Int, _ arguments: LoadArguments, _ line: inout LoadProgressLine
  ) throws(KernelError) {
    line.clear()
    let output = arguments.isJSON ? OutputFile.standardError : .standardOutput
    if arguments.isJSON, arguments.isQuiet { return }
    try output.write("ready pid=\(load.process) connected=\(connected)\n")
  }
}

/// How a load goes, on standard error: one line that renews itself on a terminal, plain lines
/// elsewhere, and only when something has changed.
private struct LoadProgressLine {
  private let isTerminal = OutputFile.standardError.isTerminal
  private var last = ""

  /// Nanoseconds between two lines; nil for none.
  static func interval(isQuiet: Bool) -> UInt64? {
    if isQuiet { return nil }
    return OutputFile.standardError.isTerminal ? 100_000_000 : 1_000_000_000
  }

  mutating func show(_ progress: LoadProgress) {
    let text = Self.text(progress)
    guard text != last else { return }
    last = text
    try? OutputFile.standardError.write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
  }

  /// Makes room for other output.
  mutating func clear() {
    if isTerminal, !last.isEmpty { try? OutputFile.standardError.write("\r\u{1B}[K") }
    last = ""
  }

  private static func text(_ progress: LoadProgress) -> String {
    let counts = progress.counts
    return "connected \(progress.open)  waiting \(progress.waiting)  answered \(counts.answered)"
      + "  refused \(counts.refused)  reset \(counts.reset)  timed out \(counts.timedOut)"
  }
}
