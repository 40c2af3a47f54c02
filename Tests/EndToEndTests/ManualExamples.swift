import Foundation
import Testing

extension EndToEnd {
  /// What the pages of the commands tell people to type works as it is written there.
  @Suite("The manual's examples")
  struct ManualExamples {
    /// The pages of section 1, by name.
    static let pages: [String] = {
      let names =
        (try? FileManager.default.contentsOfDirectory(atPath: "\(Package.root)/man")) ?? []
      return names.filter { $0.hasSuffix(".1") }.sorted()
    }()

    private static func read(_ page: String) -> String {
      (try? String(contentsOfFile: "\(Package.root)/man/\(page)", encoding: .utf8)) ?? ""
    }

    /// The command lines of EXAMPLES, in order; later ones use files and servers of earlier ones.
    private static func commands(of page: String) -> [String] {
      read(page).split(separator: "\n")
        .drop { $0 != ".Sh EXAMPLES" }.dropFirst().prefix { !$0.hasPrefix(".Sh ") }
        .filter { $0.hasPrefix(".Dl $ ") }.map { String($0.dropFirst(6)) }
    }

    /// A command line as it would be typed, where `sockinspect` is the program of this build.
    ///
    /// What would go on until a key is pressed takes one sample, and a diagnosis does not take its
    /// second. What goes on behind `&` has said that it is ready before the next line is typed, and
    /// ends with the last one.
    private static func script(_ line: String, _ number: Int) -> String {
      var line = line
      if line.hasPrefix("sockinspect watch"), !line.contains("--count") { line += " --count 1" }
      let isReading = ["--from", "--list-findings"].contains { line.contains($0) }
      if line.hasPrefix("sockinspect diagnose"), !isReading {
        line = line.replacing("diagnose", with: "diagnose --interval 0.1", maxReplacements: 1)
      }
      guard line.hasSuffix(" &") else {
        return "{ \(line)\n} >\(number).out 2>\(number).err </dev/null; echo $? >\(number).status"
      }
      return """
        \(line.dropLast(2)) >\(number).out 2>\(number).err </dev/null &
        for turn in {1..200}; do grep -qs '^ready' \(number).out && break; sleep 0.05; done
        grep -qs '^ready' \(number).out; echo $? >\(number).status
        """
    }

    @Test(
      "each does what it is there for", .enabled(if: Tool.has("bash"), "needs bash"),
      arguments: pages)
    func examples(page: String) throws {
      let commands = Self.commands(of: page)
      try #require(!commands.isEmpty)
      let zoo = try Zoo()
      // Servers have ports of their own only in a network of their own.
      if !zoo.catalog.private, commands.contains(where: { $0.hasSuffix(" &") }) { return }
      let folder = try TemporaryFolder()
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/sockinspect", withDestinationPath: Product.sockinspect)
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/work", withIntermediateDirectories: true)
      let lines =
        ["cd \(folder.path)/work"] + zip(commands, 0...).map(Self.script)
        + ["kill $(jobs -p) 2>/dev/null; wait"]
      let typed = try zoo.run(
        ["bash", "-c", lines.joined(separator: "\n")],
        environment: ["PATH": "\(folder.path):\(Tool.path)"])
      for (number, line) in commands.enumerated() {
        check(line, "\(folder.path)/work/\(number)", "\(page): \(line)\n\(typed)")
      }
    }

    private func check(_ line: String, _ path: String, _ about: String) {
      func text(_ end: String) -> String {
        (try? String(contentsOfFile: "\(path).\(end)", encoding: .utf8)) ?? ""
      }
      let (output, errors) = (text("out"), text("err"))
      let about = "\(about)\n\(output.prefix(500))\n\(errors.prefix(500))"
      // What a diagnosis says of this host is its status.
      let isDiagnosis = line.hasPrefix("sockinspect diagnose")
      let statuses = isDiagnosis ? ["0\n", "1\n", "2\n", "3\n"] : ["0\n"]
      #expect(statuses.contains(text("status")), "\(about)")
      let complaints = errors.split(separator: "\n").filter {
        !$0.hasPrefix("sockinspect: note: ")
          && !$0.hasPrefix("sockinspect: recorded ") && !line.hasSuffix(" &")
      }
      #expect(complaints.isEmpty || line.contains("sockinspect load "), "\(about)")
      let isSilent =
        ["record ", "<(", " > ", "--output "].contains { line.contains($0) }
        && !line.contains("--record ")
      // Whether everything could be read depends on who runs the tests.
      let isAlarm = line.hasSuffix("|| echo incomplete") && output == "incomplete\n"
      #expect(output.isEmpty == isSilent || isAlarm, "\(about)")
    }

    @Test("--list-columns lists every column that the manual names, a line each")
    func listColumns() throws {
      let outcome = try Program(words: [Product.sockinspect, "--list-columns"]).run()
      #expect(outcome.status == 0)
      let listed = outcome.text.split(separator: "\n").compactMap {
        $0.split(separator: " ").first.map(String.init)
      }
      #expect(Set(listed).count == listed.count && listed.count > 90)
      let described = Self.read("sockinspect-list.1").split(separator: "\n")
        .drop { $0 != ".Sh FIELDS" }.prefix { $0 != ".Sh ROWS" }
        .filter { $0.hasPrefix(".It Cm ") }
        .flatMap { $0.dropFirst(7).split(separator: " ").map(String.init) }.filter { $0 != "," }
      #expect(Set(described).isSubset(of: listed))
      #expect(Set(described).isSuperset(of: listed.prefix(20)))
    }

    @Test(
      "the help fits into 80 columns",
      arguments: [
        "list", "listen", "diagnose", "watch", "counters", "explain", "metrics", "record", "kill",
        "serve", "chat", "load", "demo", "help", "completions", "",
      ])
    func helpFits(command: String) throws {
      let words = [Product.sockinspect, "help", command].filter { !$0.isEmpty }
      let help = try Program(words: words).run()
      #expect(help.status == 0 && help.text.hasPrefix("Usage: sockinspect "))
      #expect(help.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(help)")
    }

    @Test("the help of a command names its page, which the program prints", arguments: pages)
    func pageOfHelp(page: String) throws {
      let name = String(page.dropLast(2).dropFirst("sockinspect-".count))
      let printed = try Program(
        words: [Product.sockinspect, "help", "--man"] + (name.isEmpty ? [] : [name])
      ).run()
      #expect(printed.status == 0 && printed.text == Self.read(page), "\(printed.errorText)")
      guard !name.isEmpty else { return }
      let help = try Program(words: [Product.sockinspect, "help", name]).run()
      #expect(
        help.text.contains("\nMore: man sockinspect-\(name), or sockinspect help --man \(name)\n"),
        "\(help)")
    }

    @Test(
      "a page that does not exist is refused with the nearest one",
      arguments: [
        ("diagnos", "unknown manual page 'diagnos'; did you mean diagnose?"),
        ("sockinspect-fitler", "did you mean sockinspect-filter?"),
        ("x\u{1b}[31m", "unknown manual page 'x\\x1b[31m'; there are "),
      ])
    func unknownPage(name: String, message: String) throws {
      let outcome = try Program(words: [Product.sockinspect, "help", "--man", name]).run()
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(outcome.errorText.contains(message), "\(outcome)")
    }

    @Test("on a terminal a page is text in its width, and with NO_COLOR without escapes")
    func onTerminal() throws {
      let terminal = try WatchTerminal(
        [Product.sockinspect, "help", "--man", "chat", "--no-pager"], columns: 60, rows: 60,
        environment: ["NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TERM": "xterm"])
      #expect(terminal.end() == .exited(0))
      let lines = terminal.screen.text.split(separator: "\n")
      #expect(lines.first == "NAME" && lines.contains("SEE ALSO"), "\(lines)")
      #expect(lines.contains { $0.hasPrefix("    sockinspect-chat – talk to a server") })
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
