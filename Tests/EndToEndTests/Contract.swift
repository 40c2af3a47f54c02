import Foundation
import Testing

/// The schema, the manual page and the program name the same things.
@Suite("The contract of JSON")
struct Contract {
  @Test("sockinspect-json(5) documents every key of the schema")
  func manual() throws {
    let page = try String(contentsOfFile: Package.root + "/man/sockinspect-json.5", encoding: .utf8)
    let lines = page.split(separator: "\n").filter { $0.hasPrefix(".It Va") || $0.hasPrefix(".Va") }
    let documented = Set(lines.flatMap { $0.split(separator: " ") }.map(String.init))
    let keys = keys(in: try schema())
    #expect(keys.count > 100)
    #expect(keys.subtracting(documented).sorted() == [])
  }

  @Test("each TCP number of the schema is also a column")
  func columns() throws {
    let socket = try #require(definition("socket", in: try schema()))
    let tcp = try #require((socket["properties"] as? [String: Any])?["tcp"] as? [String: Any])
    let names = try #require(tcp["properties"] as? [String: Any]).keys
    let listed = try Program(words: [Product.sockinspect, "--list-columns"]).run()
    let columns = Set(
      listed.text.split(separator: "\n").compactMap { $0.split(separator: " ").first }
        .map(String.init))
    let dashed = names.map { $0.replacingOccurrences(of: "_", with: "-") }
    #expect(Set(dashed).subtracting(columns).sorted() == [])
  }
}

private func schema() throws -> [String: Any] {
  try object([UInt8](Data(contentsOf: URL(fileURLWithPath: Package.root + "/share/schema.json"))))
}

private func definition(_ name: String, in schema: [String: Any]) -> [String: Any]? {
  (schema["$defs"] as? [String: Any])?[name] as? [String: Any]
}

/// The names under every "properties"; a name whose rule is `false` only forbids the key.
private func keys(in value: Any) -> Set<String> {
  if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(keys(in: $1)) } }
  guard let object = value as? [String: Any] else { return [] }
  var found: Set<String> = []
  for (name, rule) in object["properties"] as? [String: Any] ?? [:] where rule is [String: Any] {
    found.insert(name)
  }
  return object.values.reduce(into: found) { $0.formUnion(keys(in: $1)) }
}
