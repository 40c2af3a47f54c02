import Foundation
import Testing

extension EndToEnd {
  /// `watch` for pipes and programs.
  @Suite("watch without a screen", .timeLimit(.minutes(2)))
  struct WatchLinesTests {
    @Test("a pipe gets a block of text for each look, without an escape")
    func plain() throws {
      let zoo = try Zoo(.hostile)
      let ours = try zoo.sockinspect(["watch", "-tx", "--count", "2", "--interval", "0.1"])
      #expect(ours.status == 0, "\(ours)")
      let blocks = ours.text.split(separator: "\n\n")
      try #require(blocks.count == 2, "\(ours)")
      for block in blocks {
        let lines = block.split(separator: "\n")
        #expect(lines[0].contains(/^2[0-9-]+T[0-9:.]+Z/))
        #expect(lines[1].contains("Drops/s") && lines.count > 4)
      }
      #expect(ours.output.allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 != 0x7F })
    }

    @Test(
      "each line of JSON satisfies share/schema.json",
      .enabled(if: Tool.hasJSONSchema, "needs python3 with jsonschema"))
    func schema() throws {
      let zoo = try Zoo(.hostile)
      var documents = try SchemaDocuments()
      for letters in [
        "-tux", "--view states", "--view counters", "-u", "sport = :1", "--source proc",
      ] {
        let words = ["watch", "--json", "--count", "3", "--interval", "0.1"]
        let ours = try zoo.sockinspect(words + letters.split(separator: " ").map(String.init))
        #expect(ours.status == 0, "\(letters): \(ours)")
        let lines = ours.text.split(separator: "\n")
        #expect(lines.count == 3)
        for line in lines {
          #expect(try object(Array(line.utf8))["command"] as? String == "watch")
          try documents.add(letters, line.utf8)
        }
      }
      #expect(try documents.complaints() == "")
    }

    @Test("from the second look on drops and counters have rates")
    func rates() throws {
      let zoo = try Zoo()
      let words = ["watch", "-j", "--count", "2", "--interval", "0.1"]
      let listeners = try zoo.sockinspect(words + ["-t"]).text.split(separator: "\n").map {
        try object(Array($0.utf8))["listeners"] as? [[String: Any]] ?? []
      }
      try #require(listeners.count == 2 && listeners.allSatisfy { !$0.isEmpty })
      #expect(listeners[0].allSatisfy { $0["drops_per_s"] == nil })
      #expect(listeners[1].allSatisfy { $0["drops_per_s"] is Double })
      let counters = try zoo.sockinspect(words + ["--view", "counters"]).text
        .split(separator: "\n").map { try object(Array($0.utf8))["counters"] as? [[String: Any]] }
      #expect(counters[0]?.allSatisfy { $0["per_s"] == nil } == true)
      #expect(counters[1]?.contains { $0["name"] as? String == "ListenDrops" } == true)
      #expect(counters[1]?.allSatisfy { $0["per_s"] is Double } == true)
    }

    @Test("the numbers are those of listen, and a recording is shown once")
    func sameAsListen() throws {
      let zoo = try Zoo()
      // Clients that try again make drops rise meanwhile.
      let columns = ["-t", "-H", "--columns", "local,queue"]
      let listen = try zoo.sockinspect(["listen"] + columns)
      let watch = try zoo.sockinspect(["watch", "--count", "1"] + columns)
      #expect(rows(watch).dropFirst().sorted() == rows(listen).sorted())
      let file = zoo.folder.path + "/incident.rec"
      _ = try zoo.sockinspect(["record", "-N", "self", file])
      let all = ["-t", "-H", "--from", file, "--columns", "local,queue,oldest,drops,accepted"]
      let before = try zoo.sockinspect(["listen"] + all)
      let recorded = try zoo.sockinspect(["watch"] + all)
      #expect(recorded.status == 0 && !rows(before).isEmpty, "\(recorded)")
      #expect(rows(recorded).dropFirst() == rows(before)[...])
      let states = try zoo.sockinspect(["watch", "--from", file, "--view", "states", "-j"])
      #expect(try object(states.output)["summary"] is [Any], "\(states)")
    }

    @Test("what is watched can be recorded; each sample of a recording is shown with its own time")
    func recording() throws {
      let folder = try TemporaryFolder()
      let file = "\(folder.path)/a"
      let run = { (words: [String]) in try Program(words: [Product.sockinspect] + words).run() }
      let live = try run(["watch", "--count", "3", "--interval", "0.1", "--record", file])
      #expect(live.status == 0 && live.text.split(separator: "\n\n").count == 3, "\(live)")
      let watch = ["watch", "--from", file]
      let plain = try run(watch + ["--sort", "rise"])
      let blocks = plain.text.split(separator: "\n\n")
      #expect(plain.status == 0 && blocks.count == 3, "\(plain)")
      for (number, block) in blocks.enumerated() {
        #expect(block.contains("Z  sample \(number + 1) of 3\n"), "\(block)")
      }
      for view in ["listeners", "states", "counters"] {
        let lines = try run(watch + ["-j", "--view", view, "--count", "2"]).text
          .split(separator: "\n")
        let times = try lines.map { try object(Array($0.utf8))["time"] as? String ?? "" }
        #expect(times.count == 2 && times[0] < times[1] && !times[0].isEmpty, "\(view): \(times)")
      }
    }

    @Test("a reader that has gone ends it at once, with 0", arguments: ["--plain", "--json"])
    func brokenPipe(_ option: String) throws {
      let script = #"{ "$0" watch --interval 3600 "$1"; echo "status $?" >&2; } | head -n 1"#
      let ours = try Program(words: ["sh", "-c", script, Product.sockinspect, option]).run()
      #expect(ours.errorLines.last == "status 0" && !ours.output.isEmpty, "\(ours)")
    }

    @Test(
      "wrong usage is refused in one line",
      arguments: [
        (["--interval", "0"], "--interval takes seconds"), (["--count", "0"], "--count takes"),
        (["--view", "listners"], "did you mean listeners?"),
        (["--format", "csv"], "listen --format csv"),
        (["--json", "--columns", "local"], "--columns"),
        (["--sort", "oldes", "--plain"], "did you mean oldest?"),
        (["--wiew"], "did you mean --view?"),
        (["--sort", "-rize", "--plain"], "did you mean rise?"),
        (["--from", "x", "--interval", "2"], "a recording holds its own moments"),
        (["--from", "x", "--record", "y"], "--record needs a live host"),
        (["--record", "-"], "--record takes a FILE"),
      ])
    func refused(arguments: [String], message: String) throws {
      let ours = try Program(words: [Product.sockinspect, "watch"] + arguments).run()
      #expect(ours.status == 64 && ours.errorLines.count == 1, "\(ours)")
      #expect(ours.errorText.contains(message) && ours.output.isEmpty, "\(ours)")
    }
  }
}
