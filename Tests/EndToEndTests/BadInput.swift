import Foundation
import Testing

extension EndToEnd {
  @Suite("Wrong input gets one clear line and the right status")
  struct BadInput {
    @Test("without a trap", arguments: BadCase.all)
    func badInput(_ given: BadCase) throws {
      let folder = try TemporaryFolder()
      try Data("sockinspect-recording".utf8.prefix(9)).write(
        to: URL(fileURLWithPath: folder.path + "/truncated"))
      let words = given.arguments.map { $0.replacing("{folder}", with: folder.path) }
      let ours = try Program(words: [Product.sockinspect] + words).run()
      try #require(ours.ending == .exited(given.status), "\(ours)")
      #expect(ours.output.isEmpty, "\(ours)")
      #expect(ours.errorText.hasPrefix("sockinspect: "), "\(ours)")
      // A filter is shown with a caret under the wrong word.
      let lines = ours.errorLines.count
      #expect(lines == 1 || given.isFilter && lines <= 3, "\(ours)")
      if let hint = given.hint {
        #expect(ours.errorText.contains(hint), "\(ours)")
      }
    }

    @Test("a reader that has gone is no failure")
    func brokenPipe() throws {
      let script = #"{ "$0" -an; echo "status $?" >&2; } | head -n 1 >/dev/null"#
      let ours = try Program(words: ["sh", "-c", script, Product.sockinspect]).run()
      #expect(ours.errorText == "status 0\n", "\(ours)")
    }

    @Test("a reader that was never there is no failure either", arguments: ["-an", "-jan"])
    func brokenPipeFromTheStart(_ letters: String) throws {
      let (output, outputEnd) = try OpenFile.pipe()
      let errors = try OpenFile.temporary()
      _ = consume output
      let process = try ChildProcess(
        [Product.sockinspect, letters], output: outputEnd.number, errors: errors.number)
      #expect(process.waitForEnd(until: .now + .seconds(60)) == .exited(0))
      #expect(errors.contents().isEmpty)
    }

    @Test(
      "a full disk is a failure", .enabled(if: access("/dev/full", W_OK) == 0, "needs /dev/full"),
      arguments: ["-an", "-jan", "--help", "--list-columns"])
    func fullDisk(_ letters: String) throws {
      let ours = try Program(words: [Product.sockinspect, letters], outputPath: "/dev/full").run()
      #expect(ours.ending == .exited(1), "\(ours)")
      #expect(ours.errorLines.count == 1, "\(ours)")
    }
  }
}

struct BadCase: Sendable, CustomTestStringConvertible {
  var arguments: [String]
  var status: Int32
  var isFilter = false
  /// A word that the line must have.
  var hint: String?

  var testDescription: String { arguments.joined(separator: " ") }

  static let all: [BadCase] = options + filters + files

  private static let options: [BadCase] = [
    BadCase(arguments: ["-@"], status: 64, hint: "-@"),
    BadCase(arguments: ["-tanQ"], status: 64, hint: "-Q"),
    BadCase(arguments: ["--jsn"], status: 64, hint: "--json"),
    BadCase(arguments: ["--nosuchoption"], status: 64, hint: "--nosuchoption"),
    BadCase(arguments: ["--no\u{1b}[31m"], status: 64, hint: "\\x1b"),
    BadCase(arguments: ["--json=yes"], status: 64, hint: "--json"),
    BadCase(arguments: ["--format"], status: 64, hint: "--format"),
    BadCase(arguments: ["--format", "jso"], status: 64, hint: "json"),
    BadCase(arguments: ["--format=xml"], status: 64, hint: "xml"),
    BadCase(arguments: ["--limit", "-1"], status: 64, hint: "-1"),
    BadCase(arguments: ["--limit", "99999999999999999999"], status: 64, hint: "--limit"),
    BadCase(arguments: ["--columns", "netid,stat"], status: 64, hint: "state"),
    BadCase(arguments: ["--sort", "nosuchcolumn"], status: 64, hint: "nosuchcolumn"),
    BadCase(arguments: ["-A", "tpc"], status: 64, hint: "tcp"),
    BadCase(arguments: ["-f", "inet7"], status: 64, hint: "inet"),
    BadCase(arguments: ["--color", "sometimes"], status: 64, hint: "sometimes"),
    BadCase(arguments: ["-K"], status: 64, hint: "-K"),
    BadCase(arguments: ["-E"], status: 64, hint: "-E"),
    BadCase(arguments: ["-M"], status: 64, hint: "-M"),
  ]

  private static let filters: [BadCase] = [
    filter("state nosuchstate", hint: "nosuchstate"),
    filter("state lisening", hint: "listening"),
    filter("state", hint: "state"),
    filter("sport = :99999", hint: "99999"),
    filter("sport = :-1"),
    filter("sport ="),
    filter("sport ~ :22"),
    filter("( sport = :22"),
    filter("sport = :22 )"),
    filter("( )"),
    filter("dst 127.0.0.0/40", hint: "40"),
    filter("dst 1.2.3.4.5"),
    filter("dst [::1"),
    filter("and"),
    filter("not"),
    filter("sport = :22 or"),
    filter("fill >= lots"),
    filter(String(repeating: "( ", count: 20_000)),
    filter(String(repeating: "not ", count: 20_000)),
  ]

  private static let files: [BadCase] = [
    BadCase(arguments: ["--from", "{folder}/missing"], status: 1, hint: "/missing"),
    BadCase(arguments: ["--from", "{folder}"], status: 1),
    BadCase(arguments: ["--from", "{folder}/truncated"], status: 1, hint: "/truncated"),
    BadCase(arguments: ["--from", "/dev/null"], status: 1, hint: "/dev/null"),
    BadCase(arguments: ["--proc", "/nonexistent"], status: 1, hint: "/nonexistent"),
    BadCase(arguments: ["--netns", "nosuchnamespace"], status: 1, hint: "nosuchnamespace"),
    BadCase(arguments: ["--netns", "4194305"], status: 1, hint: "4194305"),
  ]

  private static func filter(_ text: String, hint: String? = nil) -> BadCase {
    BadCase(arguments: ["-ta", text], status: 64, isFilter: true, hint: hint)
  }
}
