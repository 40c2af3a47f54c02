import ProcNet

/// One JSON document, or one JSON object a line. What is not known has no key.
struct JSONTable<Row>: TableFormat {
  /// Writes a row as an object.
  typealias Object =
    (borrowing Row, any SocketContext, inout JSONWriter, inout ByteWriter) -> Void

  private let head: ReportHead?
  private let listKey: StaticString
  private let object: Object
  /// Members between the head and the list.
  private let members: (inout JSONWriter, inout ByteWriter) -> Void
  private var json = JSONWriter()

  /// - Parameter head: nil for one object a line and nothing else, for programs that read line by
  ///   line; what is missing is said on standard error.
  init(
    _ head: ReportHead?, list listKey: StaticString,
    members: @escaping (inout JSONWriter, inout ByteWriter) -> Void = { _, _ in },
    object: @escaping Object
  ) {
    (self.head, self.listKey, self.members, self.object) = (head, listKey, members, object)
  }

  /// - Parameter columns: Their names are the keys.
  init(
    _ head: ReportHead?, list listKey: StaticString = "rows", columns: [Column<Row>],
    members: @escaping (inout JSONWriter, inout ByteWriter) -> Void = { _, _ in }
  ) {
    self.init(head, list: listKey, members: members, object: Self.object(of: columns))
  }

  static func object(of columns: [Column<Row>]) -> Object {
    let keys = columns.map { ($0.key, $0.value) }
    return { row, context, json, writer in
      json.open("{", &writer)
      for (key, value) in keys {
        let value = value(row, context)
        if value == .unknown { continue }
        json.key(key, &writer)
        value.append(to: &json, &writer)
      }
      json.close("}", &writer)
    }
  }

  mutating func begin(_ writer: inout ByteWriter) {
    guard let head else { return }
    json.open("{", &writer)
    JSONEnvelope.append(head, &json, &writer)
    members(&json, &writer)
    json.key(listKey, &writer)
    json.open("[", &writer)
  }

  // A listing of 100,000 sockets would look up its types at run time for each cell.
  @_specialize(where Row == Socket)
  mutating func row(
    _ row: borrowing Row, _ context: any SocketContext, _ writer: inout ByteWriter
  ) {
    if head == nil { json = JSONWriter() } else { json.newLine(&writer) }
    object(row, context, &json, &writer)
    if head == nil { writer.append(UInt8(ascii: "\n")) }
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {
    guard head != nil else { return }
    json.close("]", &writer)
    JSONEnvelope.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }
}

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

  /// `"incomplete": […]`: what could not be read, why, what would help.
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
