import Foundation
import Testing

extension EndToEnd {
  /// `explain` as it is typed, with words from the screen.
  @Suite("The command explain")
  struct ExplainCommandTests {
    private func explain(_ words: String...) throws -> Outcome {
      try Program(words: [Product.sockinspect, "explain"] + words).run()
    }

    @Test(
      "words as copied from the screen are explained, with where to look next",
      arguments: [
        ("ESTAB", "ESTAB  (state)"), ("Recv-Q", "recv-q  (column of list, JSON key recv_q)"),
        ("timer:(on,520ms,2)", "on  (timer)"), ("skmem:(r0,rb131072,d15)", "skmem  ("),
        ("TcpExtListenDrops", "TcpExtListenDrops  (counter)"), ("ListenDrops", "(counter)"),
        ("accept-queue-full", "accept-queue-full  (finding)"), ("queued", "queued  (standing)"),
        ("Local Address:Port", "local  (column of list"), ("--", "Findings of diagnose\n"),
      ])
    func words(word: String, heading: String) throws {
      let ours = try explain(word)
      #expect(ours.status == 0 && ours.errors.isEmpty, "\(ours)")
      #expect(ours.text.contains(heading), "\(ours)")
      #expect(word == "--" || ours.text.contains("\n  Look    "), "\(ours)")
      #expect(ours.text.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
      #expect(ours.output.allSatisfy { $0 == 0x0A || $0 >= 0x20 })
    }

    @Test("every word that real rows have is known")
    func rows() throws {
      let zoo = try Zoo()
      let shown = try zoo.sockinspect(["-OHtuwxa0emio"])
      let words = shown.text.split(separator: "\n").flatMap { line in
        line.split(separator: " ").filter { $0.contains(/^[a-z_]+:/) }.map {
          String($0.prefix { $0 != ":" })
        }
      }
      let known = Set(words).subtracting(["lo", "eth"])
      try #require(known.count > 10)
      for word in known.sorted() where !word.hasPrefix("unreachable") {
        let ours = try explain("\(word):1")
        #expect(ours.status == 0, "\(ours)")
      }
    }

    @Test("every heading and every word of a table's columns is known")
    func headings() throws {
      for command in [["list"], ["listen"], ["counters"]] {
        let listed = try Program(
          words: [Product.sockinspect] + command + ["--list-columns"]
        ).run()
        let names = listed.text.split(separator: "\n").compactMap {
          $0.split(separator: " ").first.map(String.init)
        }
        let ours = try Program(words: [Product.sockinspect, "explain"] + names).run()
        #expect(names.count > 5 && ours.status == 0, "\(ours.errorText)")
      }
    }

    @Test("alone it lists the topics by group, as text and as JSON")
    func list() throws {
      let text = try explain()
      #expect(text.status == 0 && text.text.hasPrefix("Findings of diagnose\n"), "\(text)")
      let topics = try #require(
        try object(try explain("--json").output)["topics"] as? [[String: Any]])
      #expect(topics.count > 600 && topics.allSatisfy { $0["text"] == nil })
      let full = try #require(
        try object(try explain("-j", "self-call").output)["topics"] as? [[String: Any]])
      #expect(full.count == 1 && full[0]["kinds"] as? [String] == ["finding"])
      #expect((full[0]["sections"] as? [[String: Any]])?.count == 2)
    }

    @Test(
      "JSON of counters and explain satisfies share/schema.json",
      .enabled(if: Tool.hasJSONSchema, "needs python3 with jsonschema"))
    func schema() throws {
      var documents = try SchemaDocuments()
      for line in [
        "explain --json", "explain --json skmem ESTAB rtt accept-queue-full TcpExtTW queued",
        "counters --json", "counters --json --all -z", "counters -j --interval 0.1 *",
        "counters -j --columns name,value,per-second --interval 0.1", "counters -j --netns all",
      ] {
        let words = line.split(separator: " ").map(String.init)
        let ours = try Program(words: [Product.sockinspect] + words).run()
        #expect(ours.status == 0, "\(line): \(ours)")
        try documents.add(line, ours.output)
      }
      #expect(try documents.complaints() == "")
    }

    @Test(
      "what is not known is refused with the nearest topic",
      arguments: [
        (["ListenDorps"], "did you mean ListenDrops?"), (["Estb"], "did you mean ESTAB?"),
        (["acept-queue-full"], "did you mean accept-queue-full?"),
        (["xyzzyplugh"], "'sockinspect explain' lists the topics"), (["\u{1b}[2J"], "\\x1b"),
        (["ESTAB", "xyzzyplugh"], "nothing is known of 'xyzzyplugh'"),
        (["--jsn"], "did you mean --json?"), ([""], "nothing is known of ''"),
      ])
    func refused(words: [String], message: String) throws {
      let ours = try Program(words: [Product.sockinspect, "explain"] + words).run()
      #expect(ours.status == 64 && ours.errorLines.count == 1, "\(ours)")
      #expect(ours.errorText.contains(message), "\(ours)")
      // A word that is not known does not lose the others.
      #expect(ours.output.isEmpty == (words.count == 1), "\(ours)")
    }

    @Test("a full disk is a failure, a closed pipe is none")
    func ends() throws {
      for words in [["explain"], ["explain", "--manual"], ["explain", "-j", "ESTAB"]] {
        let full = try Program(
          words: [Product.sockinspect] + words, outputPath: "/dev/full"
        ).run()
        #expect(full.status == 1 && full.errorLines.count == 1, "\(full)")
      }
      let script = #"{ "$0" explain --json; echo "status $?" >&2; } | head -n 1 >/dev/null"#
      let piped = try Program(words: ["sh", "-c", script, Product.sockinspect]).run()
      #expect(piped.errorText == "status 0\n", "\(piped)")
    }
  }
}
