import ProcNet

/// Topics as a JSON document.
enum TopicJSON {
  static func append(
    _ topics: [Topic], _ head: ReportHead, isList: Bool, _ writer: inout ByteWriter
  ) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONEnvelope.append(head, &json, &writer)
    json.key("topics", &writer)
    json.open("[", &writer)
    for topic in topics {
      json.newLine(&writer)
      append(topic, isList: isList, &json, &writer)
    }
    json.close("]", &writer)
    JSONEnvelope.append([], &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }

  /// In a list of all topics only what each is.
  private static func append(
    _ topic: Topic, isList: Bool, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("name", text: topic.name, &writer)
    strings("kinds", topic.labels.map(\.group.singular), &json, &writer)
    let spellings = topic.labels.dropFirst().map(\.name) + topic.spellings
    strings("spellings", spellings, &json, &writer)
    json.member("means", text: Prose(topic.means).plain, &writer)
    if !isList {
      strings("text", topic.text.map { Prose($0).plain }, &json, &writer)
      append(topic.sections, &json, &writer)
      strings("look", topic.look, &json, &writer)
    }
    json.close("}", &writer)
  }

  private static func append(
    _ sections: [Topic.Section], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard !sections.isEmpty else { return }
    json.key("sections", &writer)
    json.open("[", &writer)
    for section in sections {
      json.open("{", &writer)
      json.member("title", text: section.title, &writer)
      strings("lines", section.lines.map { Prose($0).plain }, &json, &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }

  private static func strings(
    _ name: StaticString, _ values: [String], _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    guard !values.isEmpty else { return }
    json.key(name, &writer)
    json.open("[", &writer)
    for value in values { json.text(value, &writer) }
    json.close("]", &writer)
  }
}
