import ProcNet

/// How one socket becomes a JSON object.
protocol SocketObject {
  /// The key of the list in a document.
  var listKey: StaticString { get }
  func append(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter)
}

/// One JSON document, or one JSON object a line. Facts that are missing are missing keys.
struct JSONFormat<Object: SocketObject>: ListFormat {
  let head: ReportHead
  let object: Object
  /// One object a line and nothing else, for programs that read line by line; what is missing is
  /// told on standard error.
  let isLines: Bool
  private var json = JSONWriter()

  init(head: ReportHead, object: Object, isLines: Bool) {
    self.head = head
    self.object = object
    self.isLines = isLines
  }

  mutating func begin(_ writer: inout ByteWriter) {
    guard !isLines else { return }
    json.open("{", &writer)
    JSONEnvelope.append(head, &json, &writer)
    json.key(object.listKey, &writer)
    json.open("[", &writer)
  }

  mutating func row(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ writer: inout ByteWriter
  ) {
    if isLines { json = JSONWriter() } else { json.newLine(&writer) }
    object.append(socket, surroundings, &json, &writer)
    if isLines { writer.append(UInt8(ascii: "\n")) }
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {
    guard !isLines else { return }
    json.close("]", &writer)
    JSONEnvelope.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }
}
