import Foundation
import Testing

/// JSON documents that a validator, which knows nothing of this program, compares with
/// share/schema.json, all of them in one run.
struct SchemaDocuments {
  private let folder: TemporaryFolder
  private var names: [String] = []

  init() throws { folder = try TemporaryFolder() }

  /// - Parameters:
  ///   - name: What made it, for the complaint.
  ///   - output: One document.
  mutating func add(_ name: String, _ output: some Sequence<UInt8>) throws {
    let path = folder.path + "/\(names.count)"
    try Data(output).write(to: URL(fileURLWithPath: path))
    names.append(name)
  }

  /// A line for each of the first faults of each document; empty when all satisfy the schema.
  func complaints() throws -> String {
    let program = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1], encoding="utf-8"))
      validator = jsonschema.Draft202012Validator(schema)
      for number, name in enumerate(sys.argv[3:]):
          document = json.load(open(f"{sys.argv[2]}/{number}", encoding="utf-8"))
          for error in list(validator.iter_errors(document))[:5]:
              print(name, error.json_path, error.message[:300])
      """
    try #require(!names.isEmpty)
    let schema = Package.root + "/share/schema.json"
    let said = try Program(words: ["python3", "-c", program, schema, folder.path] + names).run()
    return said.status == 0 ? said.text : "\(said)"
  }
}
