import Testing

@testable import sockinspect

@Suite struct OptionParserTests {
  /// What a command line came to; the order of the options is kept.
  private struct Seen {
    var options: [String] = []
  }

  private static var parser: OptionParser<Seen> {
    OptionParser<Seen>(
      command: "tool",
      options: [
        Option("t", "tcp", help: "") { $0.options.append("t") },
        Option("a", "all", help: "") { $0.options.append("a") },
        Option("f", "family", argument: "FAMILY", help: "") { $0.options.append("f=\($1)") },
        Option(nil, "columns", argument: "LIST", help: "") { $0.options.append("columns=\($1)") },
        Option(nil, "color", "colour", argument: "WHEN", help: "") {
          $0.options.append("color=\($1)")
        },
        Option(nil, "list-columns", help: "") { $0.options.append("list-columns") },
      ])
  }

  static let understood: [(String, [String], [String])] = [
    ("", [], []), ("-t", ["t"], []), ("-ta", ["t", "a"], []), ("-at -t", ["a", "t", "t"], []),
    ("-finet", ["f=inet"], []), ("-f inet", ["f=inet"], []),
    ("-tafinet6", ["t", "a", "f=inet6"], []),
    // An argument may look like an option.
    ("-f -t", ["f=-t"], []), ("--family --tcp", ["f=--tcp"], []),
    ("--tcp --all", ["t", "a"], []), ("--family=inet", ["f=inet"], []),
    ("--family inet", ["f=inet"], []), ("--family=", ["f="], []), ("--family=a=b", ["f=a=b"], []),
    // Beginnings that only one option has; two names of one option do not rival.
    ("--tc", ["t"], []), ("--fam=x", ["f=x"], []), ("--li", ["list-columns"], []),
    ("--colo=x", ["color=x"], []),
    // Options behind other words, and words that are none.
    ("sport = :22 -t", ["t"], ["sport", "=", ":22"]), ("-t - -a", ["t", "a"], ["-"]),
    ("-t -- -a --x", ["t"], ["-a", "--x"]), ("-- --", [], ["--"]),
  ]

  @Test("command lines are read as getopt_long reads them", arguments: understood)
  func reads(line: String, options: [String], rest: [String]) throws {
    var seen = Seen()
    let words = line.split(separator: " ").map(String.init)
    #expect(try Self.parser.parse(words, into: &seen) == rest)
    #expect(seen.options == options)
  }

  static let refused: [(String, String)] = [
    ("-x", "unknown option -x; 'tool --help' lists them all"),
    ("-tx", "unknown option -x; 'tool --help' lists them all"),
    ("-\u{1b}", #"unknown option -\x1b; 'tool --help' lists them all"#),
    ("--tpc", "unknown option --tpc; did you mean --tcp?"),
    ("--famly=x", "unknown option --famly; did you mean --family?"),
    ("--zzzzzz", "unknown option --zzzzzz; 'tool --help' lists them all"),
    ("--co=x", "unknown option --co; did you mean --columns or --color or --colour?"),
    ("-f", "option -f, --family needs an argument: FAMILY"),
    ("-tf", "option -f, --family needs an argument: FAMILY"),
    ("--columns", "option --columns needs an argument: LIST"),
    ("--tcp=yes", "option --tcp takes no argument"),
    ("--=x", "unknown option --; 'tool --help' lists them all"),
    ("--sort x", "'tool' does not take --sort; 'tool --help' lists what it takes"),
    ("-tj", "'tool' does not take -j, --json; 'tool --help' lists what it takes"),
  ]

  @Test("what makes no sense is refused with the nearest right word", arguments: refused)
  func refuses(line: String, message: String) {
    var seen = Seen()
    let words = line.split(separator: " ").map(String.init)
    let error = #expect(throws: UsageError.self) {
      try Self.parser.parse(words, into: &seen)
    }
    #expect(error?.message == message)
  }

  private static func list(_ words: [String]) throws -> ListArguments {
    var arguments = ListArguments()
    let parser = OptionParser(command: "sockinspect", options: Option<ListArguments>.list)
    arguments.words = try parser.parse(words, into: &arguments)
    return arguments
  }

  @Test("-tanp and -tulpn, as people type them")
  func usualLetters() throws {
    let arguments = try Self.list(["-tanp"])
    #expect(arguments.details.processes && arguments.words.isEmpty)
    let chosen = try Self.list(["-tulpn"]).selection.resolved(filterStates: nil, isSelector: false)
    #expect(chosen.netids == [.tcp, .udp] && chosen.states == .listening)
  }

  @Test(
    "wrong arguments are refused, and say what is right",
    arguments: [
      ("--format=jsn", "unknown format 'jsn'; did you mean json?"),
      ("--format=x", "unknown format 'x'; it is one of table, json, jsonl, csv"),
      ("--color=alway", "unknown colour choice 'alway'; did you mean always?"),
      ("--source=prok", "unknown source 'prok'; did you mean proc?"),
      ("--limit=x", "--limit takes a number, not 'x'"),
      ("--limit=-1", "--limit takes a number, not '-1'"),
      ("--family=inet7", "unknown family 'inet7'; did you mean inet?"),
      ("--family=vsock", "vsock sockets are not listed by this version"),
      ("-Atcpp", "unknown table 'tcpp'; did you mean tcp?"),
      ("-Asctp", "sctp sockets are not listed by this version"),
      ("-K", "-K, --kill: list only looks; use 'sockinspect kill FILTER'"),
    ])
  func wrongArgument(word: String, message: String) {
    let error = #expect(throws: UsageError.self) { try Self.list([word]) }
    #expect(error?.message == message)
  }

  @Test("no two options of a command share a letter or a name")
  func unique() {
    for command in CommandList.all {
      let letters = command.options.compactMap(\.letter)
      let names = command.options.flatMap(\.names)
      #expect(Set(letters).count == letters.count, "\(command.name)")
      #expect(Set(names).count == names.count, "\(command.name)")
    }
  }
}
