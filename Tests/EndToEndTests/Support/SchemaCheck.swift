import Foundation
import Testing

/// Output against share/schema.json, by a validator that knows nothing of this program.
enum SchemaCheck {
  private static let program = """
    import json, sys, jsonschema
    schema = json.load(open(sys.argv[1], encoding="utf-8"))
    text = open(sys.argv[2], encoding="utf-8").read()
    validator = jsonschema.Draft202012Validator(schema)
    for part in text.splitlines() if sys.argv[3] == "lines" else [text]:
        for error in list(validator.iter_errors(json.loads(part)))[:5]:
            print(error.json_path, error.message[:300])
    """

  /// What is wrong with a document, or with documents of a line each; nothing is empty.
  static func complaints(_ output: [UInt8], isLines: Bool = false) throws -> String {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = folder.path + "/output"
    try Data(output).write(to: URL(fileURLWithPath: path))
    let said = try Program(words: [
      "python3", "-c", program, Package.root + "/share/schema.json", path,
      isLines ? "lines" : "document",
    ]).run()
    return said.status == 0 && said.errors.isEmpty ? said.text : "\(said)"
  }
}
