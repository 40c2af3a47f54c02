import DemoServers
import ProcNet

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
      return try DemoFailure.status(of: error)
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
        try LoadReportText.write(report, isJSON: arguments.isJSON)
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
  ) throws {
    line.clear()
    let output = arguments.isJSON ? OutputFile.standardError : .standardOutput
    if arguments.isJSON, arguments.isQuiet { return }
    try output.write("ready pid=\(load.process) connected=\(connected)\n")
  }
}
