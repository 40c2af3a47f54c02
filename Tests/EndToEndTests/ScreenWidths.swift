import Foundation
import Testing

@testable import sockinspect

extension EndToEnd {
  /// Every command that people read, at terminals of several widths and kinds.
  @Suite("Every screen", .enabled(if: Tool.has("python3"), "needs python3"))
  struct ScreenWidths {
    /// In the zoo, whose addresses and paths are of all lengths. What is written for programs, as
    /// metrics and JSON are, is not here.
    private static let live = [
      "list -a", "-tanp", "-tanpeimo", "-xap", "-uap", "-wa", "-0a", "-s", "--netns all -t",
      "listen", "listen -tuxp", "listen -tux --waiting",
      "listen --interval 0.1", "counters", "counters --interval 0.1", "-tan state time-wait",
      "kill --dry-run -t state close-wait", "diagnose --all", "diagnose --brief",
    ]
    private static let texts = [
      "--list-columns", "listen --list-columns", "demo --list", "explain", "explain ESTAB",
      "explain recv-q", "explain TcpExtListenDrops accept-queue-full", "help", "lisen",
      "-ta sport = :99999", "list --family nosuch", "diagnose --list-findings",
    ]
    private static var helps: [String] { CommandList.all.map { "help \($0.name)" } }

    private static func faults(
      of commands: [String], _ look: @Sendable (_ words: [String]) throws -> [String]
    ) throws -> [String] {
      let zoo = try Zoo()
      let pid = "\(zoo.catalog.pid)"
      let place = zoo.catalog.private ? ["nsenter", "-t", pid, "-n"] : []
      let faults = Lanes.faults(commands) { words in
        try look(place + [Product.sockinspect] + words.split(separator: " ").map(String.init))
      }
      _ = zoo
      return faults
    }

    private static func lines(_ words: [String], _ columns: Int, _ environment: [String: String])
      throws -> [String]
    {
      let set = ["TERM": "xterm", "PAGER": "cat"].merging(environment) { $1 }
      return try Terminal.shows(words, columns: columns, environment: set)
        .replacing(#/\u{1b}\[[0-9;]*m/#, with: "").split { $0.isNewline || $0 == "\r" }
        .map(String.init)
    }

    @Test("has no line that is wider, but for a word that is", arguments: [80, 100, 132])
    func width(_ columns: Int) throws {
      let commands = columns == 80 ? Self.live + Self.texts + Self.helps : Self.live
      let faults = try Self.faults(of: commands) { words in
        try Self.lines(words, columns, [:]).filter { line in
          DisplayWidth.of(line) > columns && line.split(separator: " ").count > 1
        }
      }
      #expect(faults == [], "\(faults.joined(separator: "\n"))")
    }

    @Test("is ASCII where the locale is")
    func ascii() throws {
      let faults = try Self.faults(of: Self.live + Self.texts) { words in
        try Self.lines(words, 132, ["LC_ALL": "C"]).filter { $0.utf8.contains { $0 >= 0x80 } }
      }
      #expect(faults == [], "\(faults.joined(separator: "\n"))")
    }

    @Test(
      "has no escape where none is wanted",
      arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
    func plain(_ environment: [String: String]) throws {
      let faults = try Self.faults(of: Self.live) { words in
        let text = try Terminal.shows(
          words, environment: ["TERM": "xterm", "PAGER": "cat"].merging(environment) { $1 })
        return text.contains("\u{1b}") ? ["an escape"] : []
      }
      #expect(faults == [])
    }
  }
}
