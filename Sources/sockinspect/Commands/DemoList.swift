import DemoServers
import ProcNet

/// `sockinspect demo --list`: the situations there are.
enum DemoList {
  static func show(isJSON: Bool, _ words: [String]) throws -> ExitStatus {
    if !words.isEmpty { throw UsageError("demo --list takes no names") }
    var output = Output()
    if isJSON { writeJSON(&output.writer) } else { writeLines(&output.writer) }
    try output.flush()
    return .done
  }

  private static func writeLines(_ writer: inout ByteWriter) {
    let width = SituationList.all.map(\.name.utf8.count).max() ?? 0
    for situation in SituationList.all {
      writer.append(situation.name)
      for _ in situation.name.utf8.count..<width + 2 { writer.append(UInt8(ascii: " ")) }
      writer.append(situation.summary + "\n")
    }
  }

  private static func writeJSON(_ writer: inout ByteWriter) {
    var json = JSONWriter()
    json.open("{", &writer)
    json.member("schema", plain: "sockinspect/1", &writer)
    json.member("command", plain: "demo", &writer)
    json.key("situations", &writer)
    json.open("[", &writer)
    for situation in SituationList.all {
      json.newLine(&writer)
      write(situation, &json, &writer)
    }
    json.close("]", &writer)
    json.close("}", &writer)
    writer.append("\n")
  }

  private static func write(
    _ situation: any Situation, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("name", text: situation.name, &writer)
    json.member("summary", text: situation.summary, &writer)
    json.member("recipe", text: situation.recipe, &writer)
    write("expects", situation.expects.map(\.rawValue), &json, &writer)
    write("allows", situation.allows.map(\.rawValue), &json, &writer)
    json.member("healthy_twin_of", text: situation.healthyTwinOf, &writer)
    write("needs", situation.needs.map(\.rawValue), &json, &writer)
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
