import Foundation
import Testing

extension EndToEnd {
  /// What sockinspect(1) tells people to type works as it stands there.
  @Suite("The manual's examples")
  struct ManualExamples {
    private static let page =
      (try? String(contentsOfFile: "\(Package.root)/man/sockinspect.1", encoding: .utf8)) ?? ""

    /// The command lines of EXAMPLES, in order; later ones use files of earlier ones.
    static let commands: [String] = page.split(separator: "\n")
      .drop { $0 != ".Sh EXAMPLES" }.dropFirst().prefix { !$0.hasPrefix(".Sh ") }
      .filter { $0.hasPrefix(".Dl $ ") }.map { String($0.dropFirst(6)) }

    /// Runs a command line as it would be typed, where `sockinspect` is the program of this build.
    private static func type(
      _ line: String, in folder: TemporaryFolder, _ zoo: Zoo
    ) throws -> Outcome {
      let link = "\(folder.path)/sockinspect"
      if access(link, X_OK) != 0 {
        try FileManager.default.createSymbolicLink(
          atPath: link, withDestinationPath: Product.sockinspect)
      }
      let words = ["bash", "-c", "cd \(folder.path)/work && \(line)"]
      return try zoo.run(words, environment: ["PATH": "\(folder.path):\(Tool.path)"])
    }

    @Test("each does what it is there for", .enabled(if: Tool.has("bash"), "needs bash"))
    func examples() throws {
      try #require(Self.commands.count > 15)
      let zoo = try Zoo()
      let folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/work", withIntermediateDirectories: true)
      for line in Self.commands {
        let outcome = try Self.type(line, in: folder, zoo)
        #expect(outcome.status == 0, "\(outcome)")
        let complaints = outcome.errorLines.filter { !$0.hasPrefix("sockinspect: note: ") }
        #expect(complaints.isEmpty, "\(outcome)")
        let isSilent = ["record ", "<(", " > ", "--output "].contains { line.contains($0) }
        // Whether everything could be read depends on who runs the tests.
        let isAlarm = line.hasSuffix("|| echo incomplete") && outcome.text == "incomplete\n"
        #expect(outcome.output.isEmpty == isSilent || isAlarm, "\(outcome)")
      }
    }

    @Test("--list-columns lists every column that the manual names, a line each")
    func listColumns() throws {
      let outcome = try Program(words: [Product.sockinspect, "--list-columns"]).run()
      #expect(outcome.status == 0)
      let listed = outcome.text.split(separator: "\n").compactMap {
        $0.split(separator: " ").first.map(String.init)
      }
      #expect(Set(listed).count == listed.count && listed.count > 90)
      let described = Self.page.split(separator: "\n")
        .drop { $0 != ".Sh FIELDS" }.prefix { $0 != ".Sh OUTPUT" }
        .filter { $0.hasPrefix(".It Cm ") }
        .flatMap { $0.dropFirst(7).split(separator: " ").map(String.init) }.filter { $0 != "," }
      #expect(Set(described).isSubset(of: listed))
      #expect(Set(described).isSuperset(of: listed.prefix(20)))
    }

    @Test(
      "the help fits into 80 columns",
      arguments: [
        "list", "listen", "diagnose", "watch", "counters", "explain", "metrics", "record", "kill",
        "help", "completions", "",
      ])
    func helpFits(command: String) throws {
      let words = [Product.sockinspect, "help", command].filter { !$0.isEmpty }
      let help = try Program(words: words).run()
      #expect(help.status == 0 && help.text.hasPrefix("Usage: sockinspect "))
      #expect(help.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(help)")
    }

    /// The long options that the help lists.
    private static func options() throws -> [String] {
      let help = try Program(words: [Product.sockinspect, "help", "list"]).run()
      let names = help.text.matches(of: /(?:^|[ ,])(--[a-z0-9-]+)/).map { String($0.1) }
      try #require(names.count > 30)
      return names
    }

    @Test("bash completes options and their words", .enabled(if: Tool.has("bash"), "needs bash"))
    func bashCompletes() throws {
      let script = """
        source <("\(Product.sockinspect)" completions bash)
        complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sockinspect
          echo "${COMPREPLY[*]}"; }
        complete_words sockinspect --form
        complete_words sockinspect --format j
        complete_words sockinspect rec
        complete_words sockinspect -f in
        """
      let outcome = try Program(words: ["bash", "-c", script]).run()
      #expect(outcome.text == "--format\njson jsonl\nrecord\ninet inet6\n", "\(outcome)")
    }
  }
}
