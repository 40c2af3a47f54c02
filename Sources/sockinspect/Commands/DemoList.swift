import DemoServers
import ProcNet

/// `sockinspect demo --list`: the scenarios there are.
enum DemoList {
  static func show(isJSON: Bool, _ words: [String]) throws -> ExitStatus {
    if !words.isEmpty { throw UsageError("demo --list takes no names") }
    var output = Output()
    if isJSON { writeJSON(&output.writer) } else { writeLines(&output.writer) }
    try output.flush()
    return .done
  }

  private static func writeLines(_ writer: inout ByteWriter) {
    let width = ScenarioList.all.map(\.name.utf8.count).max() ?? 0
    for scenario in ScenarioList.all {
      writer.append(scenario.name)
      for _ in scenario.name.utf8.count..<width + 2 { writer.append(UInt8(ascii: " ")) }
      writer.append(scenario.summary + "\n")
    }
  }

  private static func writeJSON(_ writer: inout ByteWriter) {
    var json = JSONWriter()
    json.open("{", &writer)
    json.member("schema", plain: "sockinspect/1", &writer)
    json.member("command", plain: "demo", &writer)
    json.key("scenarios", &writer)
    json.open("[", &writer)
    for scenario in ScenarioList.all {
      json.newLine(&writer)
      write(scenario, &json, &writer)
    }
    json.close("]", &writer)
    json.close("}", &writer)
    writer.append("\n")
  }

  private static func write(
    _ scenario: any Scenario, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("name", text: scenario.name, &writer)
    json.member("summary", text: scenario.summary, &writer)
    json.member("recipe", text: scenario.recipe, &writer)
    write("expects", scenario.expects.map(\.rawValue), &json, &writer)
    write("allows", scenario.allows.map(\.rawValue), &json, &writer)
    json.member("healthy_twin_of", text: scenario.healthyTwinOf, &writer)
    write("needs", scenario.needs.map(\.rawValue), &json, &writer)
    json.close("}", &writer)
  }

  private static func write(
    _ name: StaticString, _ words: [String], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key(name, &writer)
    json.open("[", &writer)
    for word in words { json.text(word, &writer) }
    json.close("]", &writer)
  }
}
