import ProcNet

/// The keys that every JSON document begins and ends with.
enum JSONEnvelope {
  static func append(
    _ head: ReportHead, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.member("schema", text: "sockinspect/1", &writer)
    json.member("command", text: head.command, &writer)
    json.member("time", text: TimeText.iso8601(milliseconds: head.time), &writer)
    json.member("host", bytes: head.host, &writer)
    json.member("kernel", bytes: head.kernel, &writer)
  }

  /// `"incomplete": […]`: what could not be looked at, why, what would help.
  static func append(_ gaps: [Gap], _ json: inout JSONWriter, _ writer: inout ByteWriter) {
    json.key("incomplete", &writer)
    json.open("[", &writer)
    for gap in gaps {
      json.open("{", &writer)
      json.member("kind", plain: gap.kind.rawValue, &writer)
      json.member("missing", text: gap.missing, &writer)
      json.member("reason", text: gap.reason, &writer)
      json.member("remedy", text: gap.remedy, &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }
}
