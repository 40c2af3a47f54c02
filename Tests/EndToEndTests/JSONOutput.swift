import Foundation
import Testing

extension EndToEnd {
  @Suite("Programs can read the output")
  struct JSONOutput {
    @Test(
      "every JSON document satisfies share/schema.json",
      .enabled(if: Tool.hasJSONSchema, "needs python3 with jsonschema"))
    func schema() throws {
      let zoo = try Zoo(.hostile)
      var documents = try SchemaDocuments()
      for letters in [
        "--json", "-ja", "-jtanpoiem", "-juanpem", "-jxanpe", "-jwanp", "-j0anpe", "-jtl",
        "-jt state time-wait", "-jt sport = :1", "-j --limit 3", "-js", "-jta --source proc",
        "-jtuwxa0 --netns all",
      ] {
        let ours = try zoo.sockinspect(letters.split(separator: " ").map(String.init))
        #expect(ours.status == 0, "\(letters): \(ours)")
        try documents.add(letters, ours.output)
      }
      #expect(try documents.complaints() == "")
    }

    @Test(
      "documents of demo and load satisfy it, too",
      .enabled(if: Tool.hasJSONSchema, "needs python3 with jsonschema"))
    func otherDocuments() throws {
      let list = try Program(words: [Product.sockinspect, "demo", "--list", "--json"]).run()
      #expect(list.status == 0 && !list.output.isEmpty, "\(list)")
      var documents = try SchemaDocuments()
      try documents.add("demo --list", list.output)
      let server = try LoadServer("event")
      for kind in ["talk", "hang-up", "never-read"] {
        let load = try Program(words: [
          Product.sockinspect, "load", server.address, "--kind", kind, "--connections", "3",
          "--requests", "9", "--for", "1", "--json", "-q",
        ]).run()
        #expect(!load.output.isEmpty, "\(load)")
        try documents.add(kind, load.output)
      }
      let failed = try Program(words: [
        Product.sockinspect, "load", "unix:/nonexistent/socket", "--json", "-q",
      ]).run()
      try documents.add("a failed load", failed.output)
      #expect(try documents.complaints() == "")
    }

    @Test(
      "lines of JSON satisfy their part of it, and so does a scenario that is held",
      .enabled(if: Tool.hasJSONSchema, "needs python3 with jsonschema"))
    func lineDocuments() throws {
      let zoo = try Zoo(.hostile)
      var documents = try SchemaDocuments()
      for (command, reference) in [
        ("list -tuxwa0", "#/$defs/socket"), ("listen -tux", "#/$defs/listener"),
        ("counters --all", "#/$defs/counter"), ("list -s", "#/$defs/summary"),
        ("list -ta --columns local,state,recv-q", "#/$defs/document/properties/rows/items"),
      ] {
        let words = command.split(separator: " ").map(String.init) + ["--format", "jsonl"]
        let ours = try zoo.sockinspect(words)
        let lines = ours.output.split(separator: UInt8(ascii: "\n"))
        #expect(ours.status == 0 && lines.count > 1, "\(ours)")
        for line in lines.prefix(50) { try documents.add(command, line, as: reference) }
      }
      let held = try Program(
        words: [Product.sockinspect, "demo", "serial-blocked", "--hold"]).run()
      let object = try #require(held.text.split(separator: "\n").first).drop { $0 != "{" }
      try documents.add("demo --hold", object.utf8, as: "#/$defs/held_scenario")
      #expect(try documents.complaints() == "")
    }

    @Test("a listener has of tcp_info what the kernel says of listeners, and nothing else")
    func listener() throws {
      let zoo = try Zoo()
      let port = try zoo.catalog.port("tcp4-listener")
      let filter = ["state", "listening", "sport", "=", ":\(port)"]
      let rows = try sockets(try zoo.sockinspect(["-jtan"] + filter).output)
      try #require(rows.count == 1)
      let tcp = try #require(rows[0]["tcp"] as? [String: Int])
      #expect(Set(tcp.keys) == ["state", "unacked", "sacked"] && tcp["state"] == 10)
      #expect(rows[0]["recv_q"] as? Int == tcp["unacked"])
      #expect(rows[0]["send_q"] as? Int == tcp["sacked"])
      for key in ["timer", "age_ms", "congestion_info"] { #expect(rows[0][key] == nil, "\(key)") }
      #expect(rows[0]["memory"] is [String: Int] && rows[0]["standing"] as? String == "held")
      let columns = "unacked,sacked,rtt-us,snd-cwnd,snd-mss,reordering,last-data-sent-ms"
      let table = try zoo.sockinspect(["-tanH", "--columns", columns] + filter)
      let cells = table.text.split(separator: " ").map { $0.filter { $0 != "\n" } }
      #expect(
        cells == ["\(tcp["unacked"] ?? -1)", "\(tcp["sacked"] ?? -1)", "-", "-", "-", "-", "-"])
    }

    @Test("what could not be looked at is told in the document, and why")
    func incomplete() throws {
      let zoo = try Zoo()
      let hidden = try gaps(try zoo.sockinspect(["-jtanp"]).output)
      if Tool.isRoot && Self.rootSeesAll { #expect(hidden.isEmpty) }
      #expect(hidden.allSatisfy { $0["missing"] is String && $0["reason"] is String })
    }

    /// In some sandboxes the first process belongs to somebody beyond root's reach.
    private static var rootSeesAll: Bool {
      var target = [CChar](repeating: 0, count: 64)
      return readlink("/proc/1/fd/0", &target, target.count) >= 0 || errno != EACCES
    }

    @Test(
      "owners that we may not see are told as missing, not as absent",
      .enabled(if: Tool.canChangeUser, "needs root, nsenter and setpriv"))
    func hiddenOwners() throws {
      let zoo = try Zoo()
      let hidden = try gaps(try zoo.sockinspect(["-jtanp"], as: .nobody).output)
      #expect(!hidden.isEmpty)
      #expect(hidden.allSatisfy { $0["missing"] is String && $0["reason"] is String })
    }

    @Test("JSON has the same sockets as ss", .enabled(if: Tool.has("ss"), "needs ss"))
    func sameSockets() throws {
      let zoo = try Zoo()
      let sockets = try sockets(try zoo.sockinspect(["-jtuwan"]).output)
      let ss = try zoo.run(["ss", "-Htuwan"])
      if zoo.catalog.private { #expect(sockets.count == rows(ss).count) }
      let ports = Set(sockets.compactMap { ($0["local"] as? [String: Any])?["port"] as? Int })
      let expected = Set(zoo.catalog.made.compactMap { $0.port.map(Int.init) })
      #expect(expected.isSubset(of: ports))
    }

    @Test("a waiting connection is marked as queued, with its age; a held one is not")
    func queued() throws {
      let zoo = try Zoo()
      let port = try zoo.catalog.port("tcp4-listener")
      let sockets = try sockets(
        try zoo.sockinspect(["-jtanpi", "sport", "=", ":\(port)"]).output)
      let queued = sockets.filter { $0["queued"] as? Bool == true }
      #expect(queued.count == 2)
      #expect(queued.allSatisfy { $0["owners"] == nil && $0["age_ms"] is Int })
      #expect(Set(queued.compactMap { $0["state"] as? String }) == ["ESTAB", "CLOSE-WAIT"])
      let held = sockets.filter { $0["queued"] as? Bool == false }
      #expect(held.allSatisfy { ($0["owners"] as? [Any])?.isEmpty == false })
    }

    @Test("one JSON object stands on each line of jsonl")
    func lines() throws {
      let zoo = try Zoo(.hostile)
      let ours = try zoo.sockinspect(["-anp", "--format", "jsonl"])
      #expect(ours.status == 0, "\(ours)")
      let lines = ours.text.split(separator: "\n")
      let sockets = try lines.map { try object(Array($0.utf8)) }.filter { $0["netid"] != nil }
      #expect(sockets.count >= zoo.catalog.made.count)
    }

    @Test(
      "CSV has one heading and equally long rows",
      .enabled(if: Tool.has("python3"), "needs python3"))
    func csv() throws {
      let zoo = try Zoo(.hostile)
      let ours = try zoo.sockinspect(["-anp", "--format", "csv"])
      #expect(ours.status == 0, "\(ours)")
      let program = """
        import csv, sys
        rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True))
        assert "netid" in rows[0] and "local" in rows[0], rows[0]
        assert all(len(row) == len(rows[0]) for row in rows), "rows of different length"
        assert len(rows) > \(zoo.catalog.made.count), len(rows)
        """
      let said = try python(program, [try saved(ours, zoo)])
      #expect(said.status == 0, "\(said)")
    }
  }
}

/// The output as a file that another program can read.
private func saved(_ outcome: Outcome, _ zoo: Zoo) throws -> String {
  let path = zoo.folder.path + "/output"
  try Data(outcome.output).write(to: URL(fileURLWithPath: path))
  return path
}

private func gaps(_ document: [UInt8]) throws -> [[String: Any]] {
  try #require(try object(document)["incomplete"] as? [[String: Any]])
}

private func python(_ program: String, _ arguments: [String]) throws -> Outcome {
  try Program(words: ["python3", "-c", program] + arguments).run()
}
