import ProcNet

@testable import sockinspect

/// share/schema.json: JSON Schema 2020-12 of every document, made from the descriptions of keys.
enum SchemaText {
  static var text: String { root.text(indented: 0) + "\n" }

  private static var root: Node {
    .object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("$id", "urn:sockinspect:schema:1"),
      ("title", "sockinspect/1"),
      (
        "description",
        """
        What sockinspect's commands write with --json. A fact that is not known is an absent key, \
        never 0 or an empty string.
        """
      ),
      ("if", .object([("required", ["command"]), property("command", [("const", "load")])])),
      ("then", reference("load_report")),
      ("else", reference("document")),
      ("$defs", .object([("count", count)] + JSONObject.all.map { ($0.name, definition($0)) })),
    ])
  }

  private static let count = Node.object([
    ("type", "integer"), ("minimum", 0), ("maximum", .number(.max)),
  ])

  private static func definition(_ object: JSONObject) -> Node {
    .object(members(object.keys, description: object.meaning) + (rules[object.name] ?? []))
  }

  private static func members(
    _ keys: [JSONKey], description: String? = nil
  ) -> [(String, Node)] {
    let required = keys.filter(\.isRequired).map { Node.text($0.name) }
    return [("type", "object")] + (description.map { [("description", .text($0))] } ?? [])
      + [("additionalProperties", false)]
      + (required.isEmpty ? [] : [("required", .list(required))])
      + [("properties", .object(keys.map { ($0.name, described($0)) }))]
  }

  private static func described(_ key: JSONKey) -> Node {
    let words = key.words.map { Prose.sentence("\($0.word): \($0.meaning)") }
    let sentences = [Prose.sentence(key.meaning), key.detail].compactMap(\.self) + words
    let text = Prose(sentences.joined(separator: " ")).plain
    return .object(members(key.type) + [("description", .text(text))])
  }

  private static func members(_ type: JSONType) -> [(String, Node)] {
    switch type {
    case .count: [("$ref", "#/$defs/count")]
    case .number(let from, let to):
      [("type", "integer")] + (from.map { [("minimum", .number(UInt64($0)))] } ?? [])
        + (to.map { [("maximum", .number(UInt64($0)))] } ?? [])
    case .decimal: [("type", "number"), ("minimum", 0)]
    case .flag: [("type", "boolean")]
    case .alwaysTrue: [("const", true)]
    case .text: [("type", "string")]
    case .matching(let pattern): [("type", "string"), ("pattern", .text(pattern))]
    case .constant(let text): [("const", .text(text))]
    case .word(let words): [("enum", .list(words.map(Node.text)))]
    case .scalar(let types): [("type", .list(types.map(Node.text)))]
    case .list(let type, let notEmpty):
      [("type", "array")] + (notEmpty ? [("minItems", 1)] : [])
        + [("items", .object(members(type)))]
    case .object(let keys): members(keys)
    case .oneOf:
      [("oneOf", .list(type.objects.map { .object(members($0.keys, description: $0.name)) }))]
    case .reference(let name): [("$ref", .text("#/$defs/\(name)"))]
    case .either(let names): [("anyOf", .list(names.map(reference)))]
    case .map(let keys, let value):
      [("type", "object")]
        + (keys.map { [("propertyNames", .object([("pattern", .text($0))]))] } ?? [])
        + [("additionalProperties", .object(members(value)))]
    }
  }

  private static func reference(_ name: String) -> Node {
    .object([("$ref", .text("#/$defs/\(name)"))])
  }

  // What holds between keys.

  private static let rules: [String: [(String, Node)]] = [
    "document": [("oneOf", .list(contents.map { .object([("required", $0)]) }))],
    "socket": [("allOf", .list(ofSockets))],
    "subject": [("minProperties", 1), ("maxProperties", 1)],
    "watched_counter": [("dependentRequired", .object([("delta", ["interval_ms", "per_s"])]))],
  ]

  /// A document holds one of these.
  private static let contents: [Node] = [
    ["sockets"], ["listeners"], ["total", "summary"], ["rows"],
    ["verdict", "severity", "looked_at", "findings"], ["catalogue"], ["counters"], ["topics"],
    ["scenarios"],
  ]

  private static let ofSockets: [Node] = [
    .object([
      ("if", .object([netid(["tcp", "udp", "raw"])])),
      (
        "then",
        .object([
          ("required", ["local", "peer"]), absent("path", "peer_inode", "protocol", "packet"),
        ])
      ),
      ("else", .object([absent("local", "peer", "tcp", "queued")])),
    ]),
    .object([
      ("if", .object([netid(["tcp"])])), ("then", .object([("required", ["queued"])])),
    ]),
    .object([
      ("if", .object([("required", ["age_ms"])])),
      ("then", .object([property("queued", [("const", true)])])),
    ]),
    .object([
      ("if", .object([property("state", [("const", "LISTEN")])])),
      (
        "then",
        .object([property("tcp", [("propertyNames", .object([("enum", .list(ofListeners))]))])])
      ),
    ]),
  ]

  private static let ofListeners = TCPInfoField.ofListeners.map { Node.text($0.key) }

  private static func netid(_ names: Node) -> (String, Node) {
    property("netid", [("enum", names)])
  }

  private static func property(_ name: String, _ rule: [(String, Node)]) -> (String, Node) {
    ("properties", .object([(name, .object(rule))]))
  }

  private static func absent(_ names: String...) -> (String, Node) {
    ("properties", .object(names.map { ($0, false) }))
  }

  // How it is written.

  private indirect enum Node: ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
  {
    case object([(String, Node)])
    case list([Node])
    case text(String)
    case number(UInt64)
    case flag(Bool)

    init(stringLiteral text: String) { self = .text(text) }
    init(arrayLiteral items: Node...) { self = .list(items) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(integerLiteral value: UInt64) { self = .number(value) }

    /// Members and items a line each.
    func text(indented depth: Int) -> String {
      switch self {
      case .text(let text): Self.quoted(text)
      case .number(let number): String(number)
      case .flag(let flag): String(flag)
      case .list(let items): Self.lines("[", items.map { $0.text(indented: depth + 1) }, "]", depth)
      case .object(let members):
        Self.lines(
          "{", members.map { "\(Self.quoted($0)): \($1.text(indented: depth + 1))" }, "}", depth)
      }
    }

    private static func lines(
      _ open: String, _ items: [String], _ close: String, _ depth: Int
    ) -> String {
      let margin = String(repeating: "  ", count: depth)
      return "\(open)\n" + items.map { "\(margin)  \($0)" }.joined(separator: ",\n")
        + "\n\(margin)\(close)"
    }

    private static func quoted(_ text: String) -> String {
      let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return "\"\(escaped)\""
    }
  }
}
