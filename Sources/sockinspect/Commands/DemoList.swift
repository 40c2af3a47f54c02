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

  private static let shown = [
    column("name") { .words($0.name) },
    column("summary") { .words($0.summary) },
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
