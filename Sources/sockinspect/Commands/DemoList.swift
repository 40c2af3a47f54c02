import DemoServers
import ProcNet

/// `sockinspect demo --list`: the scenarios there are.
enum DemoList {
  static func show(isJSON: Bool, _ words: [String]) throws -> ExitStatus {
    if !words.isEmpty { throw UsageError("demo --list takes no names") }
    var output = Output()
    if isJSON {
      let head = try Session(CommonArguments()).head(command: "demo")
      JSONTable(head, list: "scenarios", columns: shown + others)
        .write(ScenarioList.all, to: &output.writer)
    } else {
      AlignedTable(shown, showsHeader: false).write(ScenarioList.all, to: &output.writer)
    }
    try output.flush()
    return .done
  }

  private static let shown: [Column<any Scenario>] = [
    Column("name", "Name", "as typed behind demo") { scenario, _ in .words(scenario.name) },
    Column("summary", "Summary", "what it is") { scenario, _ in .words(scenario.summary) },
  ]

  private static let others: [Column<any Scenario>] = [
    Column("recipe", "Recipe", "how it is made") { scenario, _ in .words(scenario.recipe) },
    Column("expects", "Expects", "findings that diagnose must have") { scenario, _ in
      .list(scenario.expects.map { .words($0.rawValue) })
    },
    Column("allows", "Allows", "findings that it may have as well") { scenario, _ in
      .list(scenario.allows.map { .words($0.rawValue) })
    },
    Column("healthy-twin-of", "Twin", "the sick scenario that it is the healthy twin of") {
      scenario, _ in scenario.healthyTwinOf.map { .words($0) } ?? .unknown
    },
    Column("needs", "Needs", "what it cannot do without") { scenario, _ in
      .list(scenario.needs.map { .words($0.rawValue) })
    },
  ]
}
