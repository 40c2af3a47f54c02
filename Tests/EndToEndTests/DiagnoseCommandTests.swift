import Foundation
import Testing

extension DiagnosesEndToEnd {
  /// The command around the diagnosis: targets, formats, statuses.
  @Suite("The diagnose command")
  struct DiagnoseCommandTests {
    /// Other tests make trouble in other namespaces.
    private static let quick = ["--interval", "0.1", "--netns", "self"]

    @Test(
      "wrong usage is one line and status 64, with the nearest right word",
      arguments: [
        (["--interval", "61"], "from 0.1 to 60"), (["--interval", "0"], "--interval"),
        (["--format", "markdwn"], "did you mean markdown?"), (["--format", "csv"], "csv"),
        (["--evidenc=x"], "takes no argument"), (["--columns", "pid"], "--columns"),
        (["--from", "x", "--interval", "1"], "needs a live host"), (["8080"], "a port is :8080"),
      ])
    func usage(_ words: [String], _ hint: String) throws {
      let ours = try Program(words: [Product.sockinspect, "diagnose"] + words).run()
      #expect(ours.status == 64 && ours.output.isEmpty, "\(ours)")
      #expect(ours.errorText.contains(hint), "\(ours)")
    }

    @Test(
      "what cannot be told is status 3, never 1: a monitor takes that for a warning",
      arguments: [
        ["pid:4194305"], ["no-such-program-anywhere"], ["dport = :1 and sport = :1 and pid = 1"],
        ["--from", "/nonexistent"], ["--from", "/dev/null"], ["--proc", "/nonexistent"],
        ["--netns", "nosuchnamespace"],
      ])
    func unknown(_ words: [String]) throws {
      for name in ["diagnose", "why"] {
        let ours = try Program(words: [Product.sockinspect, name] + words).run()
        #expect(ours.status == 3 && ours.output.isEmpty, "\(ours)")
        #expect(ours.errorLines.count == 1, "\(ours)")
      }
    }

    @Test("an absent target is said to be absent, safely")
    func absent() throws {
      let zoo = try Zoo()
      let ours = try zoo.sockinspect(["diagnose", "x\u{1b}[31m"])
      #expect(ours.status == 3, "\(ours)")
      #expect(ours.errorText.contains("nothing matches 'x\\x1b[31m': no socket and no process"))
    }

    @Test("a path at which nothing listens is answered, with status 3 all the same")
    func notListening() throws {
      let ours = try Program(words: [Product.sockinspect, "diagnose", "/nonexistent/x.sock"]).run()
      #expect(ours.status == 3 && ours.errors.isEmpty, "\(ours)")
      #expect(ours.text.hasPrefix("NOTICE    Nothing listens at /nonexistent/x.sock"), "\(ours)")
      #expect(ours.text.contains("ENOENT"), "\(ours)")
    }

    @Test("a status is what the document says: 0, 1 or 2", arguments: [[], ["-a"], ["--evidence"]])
    func status(_ words: [String]) throws {
      let zoo = try Zoo(.hostile)
      let json = try zoo.sockinspect(["diagnose", "--json"] + Self.quick + words)
      let severity = try #require(try object(json.output)["severity"] as? String)
      let statuses = ["ok": 0, "notice": 0, "warning": 1, "critical": 2] as [String: Int32]
      #expect(json.status == statuses[severity], "\(json)")
      let text = try zoo.sockinspect(["diagnose"] + Self.quick + words)
      let word = try #require(text.text.split(separator: " ").first)
      #expect(["OK", "NOTICE", "WARNING", "CRITICAL"].contains(word), "\(text)")
      #expect(text.output.allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 != 0x7F }, "\(text)")
    }

    @Test(
      "every document satisfies share/schema.json",
      .enabled(if: Tool.hasJSONSchema, "needs python3 with jsonschema"))
    func schema() throws {
      let zoo = try Zoo(.hostile)
      var documents = try SchemaDocuments()
      for words in ["", "state listening", "--source proc", "--list-findings", "--netns all"] {
        let ours = try zoo.sockinspect(
          ["diagnose", "-j"] + Self.quick + words.split(separator: " ").map(String.init))
        #expect(ours.status.map { (0...2).contains($0) } == true, "\(words): \(ours)")
        try documents.add(words, ours.output)
      }
      #expect(try documents.complaints() == "")
    }

    @Test("--list-findings names every finding, with its condition, in three formats")
    func list() throws {
      let json = try Program(words: [Product.sockinspect, "diagnose", "--list-findings", "-j"])
        .run()
      let kinds = try #require(try object(json.output)["catalogue"] as? [[String: Any]])
      let ids = kinds.compactMap { $0["id"] as? String }
      #expect(ids.count >= 30 && Set(ids).count == ids.count)
      for format in ["text", "markdown"] {
        let words = ["diagnose", "--list-findings", "--format", format]
        let ours = try Program(words: [Product.sockinspect] + words).run()
        #expect(ours.status == 0 && ids.allSatisfy { ours.text.contains($0) }, "\(ours)")
      }
    }

    @Test("a reader that has gone is no failure, and a full disk is not knowing")
    func output() throws {
      let (output, outputEnd) = try OpenFile.pipe()
      let errors = try OpenFile.temporary()
      _ = consume output
      let process = try ChildProcess(
        [Product.sockinspect, "diagnose"] + Self.quick, output: outputEnd.number,
        errors: errors.number)
      #expect(process.waitForEnd(until: .now + .seconds(20)) == .exited(0))
      #expect(errors.contents().isEmpty)
      guard access("/dev/full", W_OK) == 0 else { return }
      let full = try Program(
        words: [Product.sockinspect, "diagnose"] + Self.quick, outputPath: "/dev/full"
      ).run()
      #expect(full.ending == .exited(3) && full.errorLines.count == 1, "\(full)")
    }

    private static func interval(_ outcome: Outcome) throws -> Int? {
      (try object(outcome.output)["looked_at"] as? [String: Any])?["interval_ms"] as? Int
    }

    @Test("a recording is diagnosed with the looks that it holds, one or two")
    func recorded() throws {
      let zoo = try Zoo()
      let file = "\(zoo.folder.path)/incident.rec"
      #expect(try zoo.sockinspect(["record", "-N", "self", file]).status == 0)
      let json = try zoo.sockinspect(["diagnose", "--from", file, "--json"])
      // Of one sample it may not be able to tell.
      #expect(json.status.map { (0...3).contains($0) } == true, "\(json)")
      #expect(try Self.interval(json) == nil)
      let two = ["record", "--force", "-N", "self", "--samples", "2", "--interval", "0.3", file]
      #expect(try zoo.sockinspect(two).status == 0)
      let both = try zoo.sockinspect(["diagnose", "--from", file, "--json"])
      // Two clocks that count whole milliseconds: what was waited and what was written down.
      #expect(try #require(try Self.interval(both)) >= 298, "\(both)")
      let last = try zoo.sockinspect(["diagnose", "--from", file, "--sample", "2", "-j"])
      #expect(try Self.interval(last) == Self.interval(both), "\(last)")
      let first = try zoo.sockinspect(["diagnose", "--from", file, "--sample", "1", "-j"])
      #expect(try Self.interval(first) == nil, "\(first)")
      let port = try zoo.catalog.port("tcp4-listener")
      let target = try zoo.sockinspect(["diagnose", "--from", file, "-j", ":\(port)"])
      #expect(try object(target.output)["target"] as? String == ":\(port)", "\(target)")
    }
  }
}
