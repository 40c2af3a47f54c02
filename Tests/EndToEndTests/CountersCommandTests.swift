import Foundation
import Testing

extension EndToEnd {
  /// `counters` against the files that it reads, and against events made on purpose.
  @Suite("The command counters")
  struct CountersCommandTests {
    private func counters(_ arguments: String...) throws -> Outcome {
      try Program(words: [Product.sockinspect, "counters"] + arguments).run()
    }

    private func rows(_ outcome: Outcome) throws -> [[String: Any]] {
      try #require(try object(outcome.output)["counters"] as? [[String: Any]])
    }

    @Test("--all --zero has every number of the files, in their order")
    func complete() throws {
      let before = CounterFiles.read()
      let ours = try counters("--all", "--zero", "-H", "--columns", "name,value")
      let after = CounterFiles.read()
      #expect(ours.status == 0 && ours.errors.isEmpty, "\(ours)")
      let lines = ours.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      #expect(lines.count > 100)
      // ICMP's types come into being with the first message of their kind.
      #expect(lines.count >= before.count && lines.count <= after.count)
      let names = Dictionary(before, uniquingKeysWith: { first, _ in first })
      let later = Dictionary(after, uniquingKeysWith: { first, _ in first })
      for line in lines {
        let value = try #require(Int64(line[1]))
        let bounds = [names[line[0]] ?? 0, try #require(later[line[0]], "\(line)")]
        let isLevel = line[0].contains(/inuse|mem|tw$|alloc|orphan|used|CurrEstab/)
        #expect(isLevel || (bounds[0]...max(bounds[0], bounds[1])).contains(value), "\(line)")
      }
    }

    @Test("alone it shows those that are not 0, each with its meaning, and no escapes in a pipe")
    func usual() throws {
      let ours = try counters()
      #expect(ours.status == 0, "\(ours)")
      #expect(ours.text.hasPrefix("Name "))
      for line in ours.text.split(separator: "\n").dropFirst() {
        let words = line.split(separator: " ")
        #expect(words.count > 4 && words[1] != "0", "\(line)")
      }
      #expect(ours.output.allSatisfy { $0 == 0x0A || $0 >= 0x20 })
      let names = try counters("tcprtomin", "CurrEstab", "--json")
      #expect(try rows(names).map { $0["kind"] as? String } == ["setting", "level"])
    }

    @Test(
      "what happens in a namespace between two looks is counted there",
      .enabled(if: ListenScene.isPossible, ListenScene.reason))
    func interval() throws {
      let scene = try ListenScene("dropping")
      let arguments = ["ListenDrops", "ListenOverflows", "RtoMin", "TCPinuse", "--json"]
      let ours = try Program(
        words: [Product.sockinspect, "counters", "--netns", "\(scene.facts.pid)", "--interval"]
          + ["1.2"] + arguments
      ).run()
      let rows = try rows(ours)
      try #require(rows.count == 4, "\(ours)")
      let drops = rows[1]
      #expect(drops["name"] as? String == "TcpExtListenDrops")
      let delta = try #require(drops["delta"] as? Int)
      let length = try #require(drops["interval_ms"] as? Int)
      let rate = try #require(drops["per_second"] as? Double)
      #expect(delta > 0 && length >= 1200)
      #expect(abs(rate - Double(delta) * 1000 / Double(length)) < 0.001)
      #expect(rows[2]["name"] as? String == "TcpRtoMin" && rows[2]["delta"] == nil)
      #expect(rows[3]["delta"] is Int && rows[3]["per_second"] == nil)
      let inside = try scene.run(["cat", "/proc/net/netstat"]).text
      #expect(try #require(CounterFiles.pairs(inside)["TcpExtListenDrops"]) >= delta)
    }

    @Test("--count shows so many intervals; as jsonl each says when")
    func count() throws {
      let ours = try counters(
        "InSegs", "--interval", "0.1", "--count", "3", "--format", "jsonl")
      let lines = try ours.text.split(separator: "\n").map { try object(Array($0.utf8)) }
      #expect(lines.count == 3 && lines.allSatisfy { $0["name"] as? String == "TcpInSegs" })
      #expect(Set(lines.compactMap { $0["time"] as? String }).count == 3, "\(ours)")
      let table = try counters("InSegs", "--interval", "0.1", "--count", "2")
      #expect(table.text.components(separatedBy: "\n\n").count == 2, "\(table)")
    }

    @Test("a recording and another /proc have the same numbers, at one moment")
    func elsewhere() throws {
      let folder = try TemporaryFolder()
      let file = folder.path + "/moment"
      let made = try Program(
        words: [Product.sockinspect, "record", "--netns", "self", file]
      ).run()
      #expect(made.status == 0, "\(made)")
      let recorded = try counters("--from", file, "--all", "--json")
      #expect(recorded.status == 0 && recorded.errors.isEmpty, "\(recorded)")
      let rows = try rows(recorded)
      #expect(rows.count > 10 && rows.allSatisfy { $0["delta"] == nil })
      let again = try counters("--from", file, "--all", "--json")
      #expect(try self.rows(again).count == rows.count)
      let refused = try counters("--from", file, "--interval", "1")
      #expect(refused.status == 1 && refused.errorText.contains("it holds one"), "\(refused)")
      let other = try counters("--proc", "/proc", "RtoMin", "--format", "csv")
      #expect(
        other.text.hasPrefix("netns,name,group,value,delta,per-second,interval,kind,meaning\n"))
      #expect(other.text.contains(",TcpRtoMin,Tcp,"))
    }

    @Test(
      "all namespaces, with their names in a column of their own",
      .enabled(if: ListenScene.isPossible, ListenScene.reason))
    func namespaces() throws {
      let scene = try ListenScene("dropping")
      let ours = try counters("--netns", "all", "ListenDrops", "--json", "-z")
      let inodes = Set(try rows(ours).compactMap { $0["netns"] as? Int })
      let link = try scene.run(["readlink", "/proc/\(scene.facts.pid)/ns/net"]).text
      let inode = try #require(link.firstMatch(of: /[0-9]+/).flatMap { Int($0.0) })
      #expect(inodes.contains(inode) && inodes.count > 1, "\(ours)")
      #expect(try counters("--netns", "all", "ListenDrops").text.hasPrefix("Netns "))
    }

    @Test(
      "wrong usage is refused with one line",
      arguments: [
        (["ListnDrops"], "did you mean ListenDrops?"),
        (["*xyzzy*"], "counters --all --zero"),
        (["\u{1b}[31m"], "\\x1b"),
        (["--interval", "0"], "--interval takes seconds"),
        (["--count", "3"], "give --interval SECONDS"),
        (["--interval", "1", "--count", "2", "--json"], "--format jsonl"),
        (["--count", "0", "--interval", "1"], "--count takes a number"),
        (["--columns", "valeu"], "did you mean value?"),
        (["--source", "proc"], "does not take --source"),
      ])
    func refused(arguments: [String], message: String) throws {
      let ours = try Program(words: [Product.sockinspect, "counters"] + arguments).run()
      #expect(ours.status == 64 && ours.errorLines.count == 1, "\(ours)")
      #expect(ours.errorText.contains(message) && ours.output.isEmpty, "\(ours)")
    }

    @Test("what cannot be read is a failure, and a full disk too; a closed pipe is none")
    func ends() throws {
      let nowhere = try counters("--proc", "/nonexistent")
      #expect(nowhere.status == 1 && nowhere.errorLines.count == 1, "\(nowhere)")
      let full = try Program(
        words: [Product.sockinspect, "counters", "--all", "-z"], outputPath: "/dev/full"
      ).run()
      #expect(full.status == 1 && full.errorLines.count == 1, "\(full)")
      let script = #"{ "$0" counters --all -z; echo "status $?" >&2; } | head -n 1 >/dev/null"#
      let piped = try Program(words: ["sh", "-c", script, Product.sockinspect]).run()
      #expect(piped.errorText == "status 0\n", "\(piped)")
    }
  }
}

/// The kernel's counters as nstat reads them: another reader than the tool's own.
enum CounterFiles {
  static func read() -> [(String, Int64)] {
    var found: [(String, Int64)] = []
    for file in ["netstat", "snmp", "snmp6", "sockstat", "sockstat6"] {
      let text = (try? String(contentsOfFile: "/proc/net/\(file)", encoding: .utf8)) ?? ""
      switch file {
      case "snmp6": found += words(text)
      case "sockstat", "sockstat6": found += levels(text)
      default: found += table(text)
      }
    }
    return found
  }

  static func pairs(_ text: String) -> [String: Int64] {
    Dictionary(table(text), uniquingKeysWith: { first, _ in first })
  }

  private static func table(_ text: String) -> [(String, Int64)] {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    var found: [(String, Int64)] = []
    for index in stride(from: 0, to: lines.count - 1, by: 2) {
      let group = String(lines[index][0].dropLast())
      for (name, value) in zip(lines[index], lines[index + 1]).dropFirst() {
        if let number = Int64(value) { found.append((group + name, number)) }
      }
    }
    return found
  }

  private static func words(_ text: String) -> [(String, Int64)] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split { $0 == " " || $0 == "\t" }
      return words.count == 2 ? Int64(words[1]).map { (String(words[0]), $0) } : nil
    }
  }

  private static func levels(_ text: String) -> [(String, Int64)] {
    var found: [(String, Int64)] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let group = String(words[0].dropLast())
      for index in stride(from: 1, to: words.count - 1, by: 2) {
        if let number = Int64(words[index + 1]) { found.append((group + words[index], number)) }
      }
    }
    return found
  }
}
