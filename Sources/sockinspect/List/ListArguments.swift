import ProcNet

/// What was typed after `list`; `filter` reads its words.
struct ListArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  var selection = TableSelection()
  var details = SSDetails()
  var summary = false
  /// `--quiet`: only the exit status says whether there is one.
  var isQuiet = false
  var wantsHelp = false
  /// The words that are no options: the filter.
  var words: [String] = []

  /// The words as a filter, with what the facts have to collect for it.
  func filter(_ facts: HostFacts, _ kernel: any Kernel) throws(UsageError) -> Filter {
    do throws(FilterError) {
      let filter = try parsedFilter(facts, kernel)
      facts.note(filter.needs)
      for warning in filter.warnings { Notice.show("warning: \(warning)") }
      return filter
    } catch {
      let lines = error.report.split(separator: "\n", maxSplits: 1)
      throw UsageError(
        error.message, detail: error.cause == nil && lines.count > 1 ? String(lines[1]) : nil,
        isUndecided: error.cause != nil)
    }
  }

  /// The same without a line for the person at the terminal.
  func parsedFilter(_ facts: HostFacts, _ kernel: any Kernel) throws(FilterError) -> Filter {
    let chosen = selection.resolved(filterStates: nil, isSelector: false)
    let context = ParseContext.live(
      netids: chosen.netids, families: chosen.families, kernel: kernel, context: facts)
    return try Filter.parse(words, context)
  }
}

extension Option where Arguments == ListArguments {
  /// The options of `list`: ss's letters, then those that every command has.
  static var list: [Option<ListArguments>] { tables + contents + notYet + common }

  private static var tables: [Option<ListArguments>] {
    [
      Option("t", "tcp", help: "TCP sockets") { $0.selection.choose(.tcp) },
      Option("u", "udp", help: "UDP sockets") { $0.selection.choose(.udp) },
      Option("w", "raw", help: "raw sockets") { $0.selection.choose(.raw) },
      Option("x", "unix", help: "unix sockets") { $0.selection.choose(AddressFamily.unix) },
      Option("0", "packet", help: "packet sockets") { $0.selection.choose(AddressFamily.packet) },
      Option("4", "ipv4", help: "IPv4 only") { $0.selection.choose(AddressFamily.inet) },
      Option("6", "ipv6", help: "IPv6 only") { $0.selection.choose(AddressFamily.inet6) },
      Option(
        "f", "family", argument: "FAMILY", choices: AddressFamily.allCases.map(\.name),
        help: "inet, inet6, unix or link"
      ) { (arguments, text) throws(UsageError) in
        arguments.selection.choose(try TableSelection.family(named: text))
      },
      Option(
        "A", "query", "socket", argument: "TABLES",
        choices: TableSelection.tableNames.map(\.name),
        help:
          "tables with commas: all, inet, tcp, udp, raw, unix, packet and so on; !NAME leaves out"
      ) { (arguments, text) throws(UsageError) in try arguments.selection.query(text) },
      Option("l", "listening", help: "listening sockets only") {
        $0.selection.askForListening()
      },
      Option("a", "all", help: "all states") { $0.selection.askForAllStates() },
      Option(
        "B", "bound-inactive", help: "TCP ports that are bound, but neither listen nor connect"
      ) {
        $0.selection.askForBoundInactive()
      },
    ]
  }

  private static var contents: [Option<ListArguments>] {
    [
      Option("p", "processes", help: "processes that hold the socket") {
        $0.details.processes = true
      },
      Option("e", "extended", help: "uid, inode, cookie, cgroup and timer") {
        $0.details.extended = true
        $0.details.timers = true
      },
      Option("m", "memory", help: "memory of the socket, and drops") {
        $0.details.memory = true
      },
      Option("i", "info", help: "TCP's own numbers: times, windows, traffic, losses") {
        $0.details.information = true
      },
      Option("o", "options", help: "the timer that runs") { $0.details.timers = true },
      Option("s", "summary", help: "counts by protocol and state") { $0.summary = true },
      Option("O", "oneline", help: "one line a socket") { $0.details.oneLine = true },
      Option("q", "quiet", help: "print nothing; exit 0 when a socket matches, else 1") {
        $0.isQuiet = true
      },
    ]
  }

  /// ss's letters whose time has not come; refused with one clear line instead of ignored.
  private static var notYet: [Option<ListArguments>] {
    [
      Option("K", "kill", help: "closing sockets; see the command kill") {
        (_: inout ListArguments) throws(UsageError) in
        throw UsageError("-K, --kill: list only looks; use 'sockinspect kill FILTER'")
      },
      refused("E", "events", "following events"),
      refused("M", "mptcp", "listing MPTCP sockets"),
    ]
  }

  private static func refused(
    _ letter: Character, _ name: String, _ what: String
  ) -> Option<ListArguments> {
    Option(letter, name, help: "\(what); not in this version") {
      (_: inout ListArguments) throws(UsageError) in
      throw UsageError("-\(letter), --\(name): \(what) is not in this version")
    }
  }
}
