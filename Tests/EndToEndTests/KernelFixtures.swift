import Foundation
import Testing

extension EndToEnd {
  /// Recordings of the kernels that `scripts/check-kernels` booted, and what a server in there
  /// knew: `list` and `listen` have to say that, with its queues, ages and drops.
  @Suite("Recordings of other kernels", .enabled(if: Tool.has("python3"), "needs python3"))
  struct KernelFixtures {
    static let folder = "\(Package.root)/Tests/Fixtures/Kernels"

    static let names: [String] = {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let ending = ".recording"
      return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
        .sorted()
    }()

    private func judge(_ recording: String, _ truth: String) throws -> Outcome {
      try Program(
        words: [
          "python3", "\(Package.root)/Tests/Kernels/compare.py", "--fixture", recording, truth,
        ], environment: ["SOCKINSPECT": Product.sockinspect, "PYTHONDONTWRITEBYTECODE": "1"]
      ).run()
    }

    @Test("there are four kernels, twice each")
    func complete() { #expect(Self.names.count >= 8) }

    @Test("list and listen say what is true", arguments: names)
    func isTrue(name: String) throws {
      let base = "\(Self.folder)/\(name)"
      let ours = try judge("\(base).recording", "\(base).truth.json")
      #expect(ours.status == 0, "\(name):\n\(ours.text)\(ours.errorText)")
    }

    @Test("another truth is noticed")
    func canFail() throws {
      let name = try #require(Self.names.last { $0.hasSuffix("-with") })
      let file = "\(Self.folder)/\(name).truth.json"
      let truth = try String(contentsOfFile: file, encoding: .utf8)
      let folder = try TemporaryFolder()
      for (told, other) in [
        ("\"limit\": 4", "\"limit\": 3"), ("\"recv_q\": 2", "\"recv_q\": 4"),
        ("\"oldest_ms\": ", "\"oldest_ms\": 9"), ("\"drops\": ", "\"drops\": 9"),
      ] {
        let path = "\(folder.path)/other.truth.json"
        try truth.replacing(told, with: other).write(
          toFile: path, atomically: true, encoding: .utf8)
        let ours = try judge("\(Self.folder)/\(name).recording", path)
        #expect(ours.status == 1 && ours.text.contains("true is"), "\(other): \(ours)")
      }
    }
  }
}
