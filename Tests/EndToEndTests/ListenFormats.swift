import Foundation
import Testing

extension EndToEnd {
  @Suite("Formats of listen")
  struct ListenFormats {
    @Test(
      "every JSON document of listen satisfies share/schema.json",
      .enabled(if: Tool.hasJSONSchema, "needs python3 with jsonschema"),
      arguments: [
        "--json", "-j -tux", "-j --waiting", "-ju6", "-j --interval 0.1", "-j --source proc",
        "-j --netns all", "-j --columns local,queue,fill,drop-rate,owners --interval 0.1",
        "-j sport = :1",
      ])
    func schema(_ letters: String) throws {
      let zoo = try Zoo(.hostile)
      let ours = try zoo.sockinspect(["listen"] + letters.split(separator: " ").map(String.init))
      #expect(ours.status == 0, "\(ours)")
      #expect(try SchemaCheck.complaints(ours.output) == "")
    }

    @Test("the same listeners as ss", .enabled(if: Tool.has("ss"), "needs ss"))
    func sameAsSS() throws {
      let zoo = try Zoo()
      let ours = try zoo.sockinspect(["listen", "-t", "-H", "--columns", "length,limit,local"])
      let ss = try zoo.run(["ss", "-Hltn"]).text.split(separator: "\n").map {
        $0.split(separator: " ")[1...3].joined(separator: " ")
      }
      #expect(rows(ours).sorted() == ss.sorted() && !ss.isEmpty, "\(ours)")
    }

    @Test("jsonl has an object a line, CSV rows of equal length, a table no escapes")
    func lines() throws {
      let zoo = try Zoo(.hostile)
      let lines = try zoo.sockinspect(["listen", "-tux", "--format", "jsonl"]).text
        .split(separator: "\n")
      let kinds = Set(try lines.compactMap { try object(Array($0.utf8))["netid"] as? String })
      #expect(kinds == ["tcp", "udp", "u_str", "u_seq"])
      let csv = try zoo.sockinspect(["listen", "-t", "--format", "csv"]).text
      let heading = csv.prefix { $0 != "\n" }.split(separator: ",")
      #expect(heading.contains("oldest") && heading.contains("close-wait"))
      let table = try zoo.sockinspect(["listen", "-tux", "--waiting"])
      #expect(table.output.allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 != 0x7F })
    }

    @Test("what is written for people ends with a verdict; a pipe gets neither that nor colours")
    func verdict() throws {
      let zoo = try Zoo()
      let coloured = try zoo.sockinspect(["listen", "-t", "--color", "always"])
      #expect(coloured.text.contains("\u{1b}[1;31m████████"))
      #expect(
        coloured.text.contains(/[0-9]+ listeners: 1 is full; [0-9]+ connections wait, the longest/))
      let healthy = try zoo.sockinspect(["listen", "-t", "--color", "always", "fill = 0%"])
      #expect(
        healthy.text.contains(/[0-9]+ listeners: nothing waits/) && !healthy.text.contains("█"))
      let plain = try zoo.sockinspect(["listen", "-t"])
      #expect(!plain.text.contains("\u{1b}[") && !plain.text.contains("listeners:"))
    }

    @Test(
      "wrong usage is refused with the nearest right word",
      arguments: [
        (["--columns", "quue"], "did you mean queue?"),
        (["--sort", "-oldes"], "did you mean oldest?"),
        (["--interval", "0"], "--interval takes seconds"),
        (["--waiting", "--format", "csv"], "--waiting has no place"),
        (["--waitin"], "nothing"),
      ])
    func refused(arguments: [String], message: String) throws {
      let outcome = try Program(words: [Product.sockinspect, "listen"] + arguments).run()
      // A name may be cut short as long as it means one option.
      if message == "nothing" { return #expect(outcome.status == 0, "\(outcome)") }
      #expect(outcome.status == 64 && outcome.errorLines.count == 1, "\(outcome)")
      #expect(outcome.errorText.contains(message), "\(outcome)")
    }

    @Test("--list-columns, --sort and --limit do what they say")
    func shape() throws {
      let zoo = try Zoo()
      let listed = try zoo.sockinspect(["listen", "--list-columns"])
      #expect(listed.text.hasPrefix("netid ") && listed.text.contains("\noldest "))
      let sorted = try zoo.sockinspect(
        ["listen", "-t", "-H", "--columns", "length", "--sort", "-length"])
      let lengths = sorted.text.split(separator: "\n").compactMap {
        Int($0.filter { $0 != " " })
      }
      #expect(lengths.count > 1 && lengths == lengths.sorted(by: >))
      let one = try zoo.sockinspect(["listen", "-t", "-H", "--limit", "1"])
      #expect(one.text.split(separator: "\n").count == 1)
    }
  }
}
