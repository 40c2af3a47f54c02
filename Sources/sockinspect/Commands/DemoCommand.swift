import DemoServers
import ProcNet

/// What was typed after `demo`.
struct DemoArguments: Sendable, HasHelp {
  var lists = false
  var isJSON = false
  var holds = false
  var pauses = true
  var printsManual = false
  var wantsHelp = false
}

extension Option where Arguments == DemoArguments {
  static var demo: [Option<DemoArguments>] {
    [
      Option(nil, "list", help: "list the scenarios, one a line, name first") { $0.lists = true },
      Option("j", "json", help: "JSON: of --list a document, of --hold a line") {
        $0.isJSON = true
      },
      Option(
        nil, "hold",
        help: "make the scenario, say when it is ready, and keep it until Ctrl-C or end of input"
      ) { $0.holds = true },
      Option(nil, "no-pause", help: "go through a tour without waiting for Enter") {
        $0.pauses = false
      },
      Option(nil, "manual", help: "print the course as a manual page") { $0.printsManual = true },
      help,
    ]
  }
}

/// `sockinspect demo`: guided tours, and scenarios to look at, for people and for tests.
enum DemoCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    if words.first?.hasPrefix("@") == true { return try part(words) }
    var arguments = DemoArguments()
    let parser = OptionParser(command: "sockinspect demo", options: Option<DemoArguments>.demo)
    let names = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("demo") }
    if arguments.lists { return try DemoList.show(isJSON: arguments.isJSON, names) }
    if arguments.printsManual {
      try OutputFile.standardOutput.write(CourseManual.text)
      return .done
    }
    guard names.count <= 1 else {
      throw UsageError("demo takes one name, of a lesson, or with --hold of a scenario")
    }
    guard arguments.holds else {
      return try Course.perform(Course.lessons(named: names.first), pauses: arguments.pauses)
    }
    guard let name = names.first else { throw UsageError("--hold needs a scenario's name") }
    return try hold(
      scenario(name), isForPeople: OutputFile.standardOutput.isTerminal && !arguments.isJSON)
  }

  private static func scenario(_ name: String) throws(UsageError) -> any Scenario {
    if let scenario = ScenarioList.named(name) { return scenario }
    throw UsageError(
      "unknown scenario", name, among: ScenarioList.all.map(\.name),
      orElse: "'sockinspect demo --list' lists them")
  }

  private static func hold(_ scenario: any Scenario, isForPeople: Bool) throws -> ExitStatus {
    _ = try LiveKernel.host()
    do {
      try HarnessHold.run(scenario) { ready in
        let width = OutputFile.standardOutput.width ?? 80
        try OutputFile.standardOutput.write(
          isForPeople ? ScenarioNotice.text(ready, width: width) : ready.line + "\n")
      }
    } catch let error as DemoError where error.status == ExitStatus.skipped.rawValue {
      try OutputFile.standardOutput.write("skip \(scenario.name): \(error.message)\n")
      return .skipped
    } catch let error as DemoError {
      Notice.show("demo \(scenario.name): \(error.message)")
      return .failed
    }
    return .done
  }

  /// A process of a scenario, started by the one that holds it.
  private static func part(_ words: [String]) throws(UsageError) -> ExitStatus {
    do {
      try HarnessPart.run(words, among: ScenarioList.all)
      return .done
    } catch {
      return try ExitStatus(showing: error)
    }
  }
}

/// What a person reads of a scenario that is ready.
enum ScenarioNotice {
  /// - Parameter width: Columns of the screen.
  static func text(_ ready: ReadyScenario, width: Int) -> String {
    let (scenario, running) = (ready.scenario, ready.running)
    var lines = paragraph("\(scenario.name) is ready: \(scenario.summary).", width)
    lines += running.servers.map { "  \(place(of: $0)), pid \($0.pid)" }
    if let note = running.note { lines += paragraph("\(Prose.sentence(note))", width) }
    if !ready.commands.isEmpty {
      lines += ["", "Type in another terminal:"] + ready.commands.map { "  \($0)" }
    }
    lines += ["", "Press Ctrl-C here to end it."]
    return TextStyle.ofLocale.written(lines.joined(separator: "\n") + "\n")
  }

  private static func paragraph(_ text: String, _ width: Int) -> [String] {
    WrappedText.lines(text, width: min(max(width, 40), 100))
  }

  private static func place(of server: HarnessServer) -> String {
    "\(server.netid) \(server.path ?? "\(server.address):\(server.port)")"
  }
}

/// `sockinspect demo --list`: the scenarios there are.
private enum DemoList {
  static func show(isJSON: Bool, _ words: [String]) throws -> ExitStatus {
    if !words.isEmpty { throw UsageError("demo --list takes no names") }
    var output = Output()
    if isJSON {
      let head = try Session(CommonArguments()).head(command: "demo")
      JSONTable(head, list: "scenarios", columns: shown + others)
        .write(ScenarioList.all, to: &output.writer)
    } else {
      AlignedTable(
        shown, showsHeader: false, width: OutputFile.standardOutput.width, style: .ofLocale
      ).write(ScenarioList.all, to: &output.writer)
    }
    try output.flush()
    return .done
  }

  private static let shown = [
    column("name") { .words($0.name) },
    column("summary") { .words($0.summary) }.prose(),
  ]

  private static let others = [
    column("recipe") { .words($0.recipe) },
    column("expects") { .list($0.expects.map { .words($0.rawValue) }) },
    column("allows") { .list($0.allows.map { .words($0.rawValue) }) },
    column("healthy-twin-of") { $0.healthyTwinOf.map { .words($0) } ?? .unknown },
    column("needs") { .list($0.needs.map { .words($0.rawValue) }) },
  ]

  /// A column without a heading; the keys of JSON say what each is.
  private static func column(
    _ name: String, _ value: @escaping @Sendable (any Scenario) -> Value
  ) -> Column<any Scenario> {
    Column(name, "", "") { scenario, _ in value(copy scenario) }
  }
}
