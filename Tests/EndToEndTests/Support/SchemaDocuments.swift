import Foundation
import Testing

/// JSON documents that a validator, which knows nothing of this program, compares with
/// share/schema.json, all of them in one run.
struct SchemaDocuments {
  private let folder: TemporaryFolder
  private var names: [String] = []
  /// What of the schema each of them has to satisfy.
  private var references: [String] = []

  init() throws { folder = try TemporaryFolder() }

  /// - Parameters:
  ///   - name: What made it, for the complaint.
  ///   - output: One document.
  ///   - reference: A part of the schema, `#/$defs/socket`; the whole by default.
  mutating func add(
    _ name: String, _ output: some Sequence<UInt8>, as reference: String = "#"
  ) throws {
    let path = folder.path + "/\(names.count)"
    try Data(output).write(to: URL(fileURLWithPath: path))
    names.append(name)
    references.append(reference)
  }

  /// A line for each of the first faults of each document; empty when all satisfy the schema.
  func complaints() throws -> String {
    let program = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1], encoding="utf-8"))
      names, references = sys.argv[3::2], sys.argv[4::2]
      def part(reference):
          if reference == "#": return schema
          return {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": reference}
      validators = {it: jsonschema.Draft202012Validator(part(it)) for it in references}
      for number, (name, reference) in enumerate(zip(names, references)):
          validator = validators[reference]
          document = json.load(open(f"{sys.argv[2]}/{number}", encoding="utf-8"))
          for error in list(validator.iter_errors(document))[:5]:
              print(name, error.json_path, error.message[:300])
      """
    try #require(!names.isEmpty)
    let schema = Package.root + "/share/schema.json"
    let documents = zip(names, references).flatMap { [$0, $1] }
    let said = try Program(words: ["python3", "-c", program, schema, folder.path] + documents).run()
    return said.status == 0 ? said.text : "\(said)"
  }
}
