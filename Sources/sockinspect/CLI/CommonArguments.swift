import ProcNet

/// What every reading command understands.
struct CommonArguments: Sendable {
  var format = OutputFormat.table
  var colour = ColourChoice.auto
  var showsHeader = true
  var recording: String?
  /// `--sample`: which sample of the recording, counted from 1.
  var sample: Int?
  var procRoot: String?
  var namespace: String?
  var source = SourceChoice.auto
  var resolvesNames = false
  var isStrict = false
  var columns: String?
  var listsColumns = false
  var sort: String?
  var limit: Int?
}

/// When colours are used.
enum ColourChoice: String, CaseIterable, Sendable {
  case auto, always, never

  /// Colour goes to terminals, unless NO_COLOR (no-color.org) is set.
  var isOn: Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      OutputFile.standardOutput.isTerminal
        && (CurrentProcess.environment("NO_COLOR") ?? "").isEmpty
        && CurrentProcess.environment("TERM") != "dumb"
    }
  }

  /// Whether output is laid out for a person: on a terminal, or where colours say that it ends on
  /// one, as with `--color always | less -R`.
  var isForPeople: Bool { OutputFile.standardOutput.isTerminal || self == .always }
}

/// Where sockets are read from.
enum SourceChoice: String, CaseIterable, Sendable {
  case auto, diag, proc
}

/// What can be typed after a command that has options: `--help`, at least.
protocol HasHelp {
  var wantsHelp: Bool { get set }
}

/// Arguments of a command whose text may be longer than the screen.
protocol HasPager {
  /// False with `--no-pager`: a long text is not shown page by page.
  var usesPager: Bool { get set }
}

/// Arguments that contain those which every reading command understands.
protocol HasCommonArguments: HasHelp {
  var common: CommonArguments { get set }
}

extension Option where Arguments: HasPager {
  static var noPager: Option {
    Option(nil, "no-pager", help: "do not show long text page by page") { $0.usesPager = false }
  }
}

extension Option where Arguments: HasHelp {
  static var help: Option<Arguments> {
    Option("h", "help", help: "show this help") { $0.wantsHelp = true }
  }
}

extension Option where Arguments: HasCommonArguments {
  /// The options of every reading command.
  static var common: [Option<Arguments>] {
    format + host + shape + [help]
  }

  private static var format: [Option<Arguments>] {
    [
      Option("j", "json", help: "one JSON document; same as --format json") {
        $0.common.format = .json
      },
      Option(
        nil, "format", argument: "FORMAT", choices: OutputFormat.allCases.map(\.rawValue),
        help: "table, json, jsonl or csv"
      ) { (arguments, text) throws(UsageError) in
        arguments.common.format = try Choice.read(text, of: "format")
      },
      Option("H", "no-header", help: "no heading line") { $0.common.showsHeader = false },
      colour,
    ]
  }

  static var colour: Option<Arguments> {
    Option(
      nil, "color", "colour", argument: "WHEN", choices: ColourChoice.allCases.map(\.rawValue),
      help: "auto, always or never; NO_COLOR is honoured"
    ) { (arguments, text) throws(UsageError) in
      arguments.common.colour = try Choice.read(text, of: "colour choice")
    }
  }

  private static var host: [Option<Arguments>] {
    place + [
      Option("r", "resolve", help: "names instead of numbers for hosts and services") {
        $0.common.resolvesNames = true
      },
      numeric,
      strict,
    ]
  }

  static var numeric: Option<Arguments> {
    Option("n", "numeric", help: "numbers instead of names (the default)") {
      $0.common.resolvesNames = false
    }
  }

  static var strict: Option<Arguments> {
    Option(nil, "strict", help: "exit with 3 when something could not be read") {
      $0.common.isStrict = true
    }
  }

  /// A recording in place of the host.
  static var recording: [Option<Arguments>] {
    [
      Option(
        nil, "from", argument: "FILE",
        help: "read a recording instead of this host; - is standard input"
      ) { $0.common.recording = $1 },
      Option(nil, "sample", argument: "N", help: "with --from: the Nth sample, not the first") {
        (arguments, text) throws(UsageError) in
        arguments.common.sample = try Number.read(text, "--sample", 1...1000)
      },
    ]
  }

  /// Where it is read.
  static var place: [Option<Arguments>] { recording + [procRoot, namespace, source] }

  private static var procRoot: Option<Arguments> {
    Option(nil, "proc", argument: "DIR", help: "read another /proc, such as a mounted host's") {
      $0.common.procRoot = $1
    }
  }

  static var namespace: Option<Arguments> {
    Option(
      "N", "netns", "net", argument: "WHICH", choices: ["self", "all"],
      help: "network namespace: self, all, a process id, a name or a path"
    ) { $0.common.namespace = $1 }
  }

  private static var source: Option<Arguments> {
    Option(
      nil, "source", argument: "SOURCE", choices: SourceChoice.allCases.map(\.rawValue),
      help: "diag (sock_diag) or proc (/proc/net); auto takes the best there is"
    ) { (arguments, text) throws(UsageError) in
      arguments.common.source = try Choice.read(text, of: "source")
    }
  }

  private static var shape: [Option<Arguments>] {
    [
      Option(
        nil, "columns", argument: "LIST",
        help: "show these columns; +NAME adds one to the usual ones"
      ) { $0.common.columns = $1 },
      Option(nil, "list-columns", help: "list the columns there are, with their meaning") {
        $0.common.listsColumns = true
      },
      Option(
        nil, "sort", argument: "COLUMN", help: "sort by a column; -COLUMN for largest first"
      ) { $0.common.sort = $1 },
      Option(nil, "limit", argument: "N", help: "stop after N rows") {
        (arguments, text) throws(UsageError) in
        guard let limit = Int(text), limit >= 0 else {
          throw UsageError("--limit takes a number, not '\(SafeText.string(text))'")
        }
        arguments.common.limit = limit
      },
    ]
  }
}

/// The options that most commands have, for a command that does not have them.
enum CommonOptions {
  private struct Arguments: HasCommonArguments {
    var common = CommonArguments()
    var wantsHelp = false
  }

  /// How an option is written that is a common one; nil when it is not.
  static func spelling(of isMeant: (OptionDescription) -> Bool) -> String? {
    Option<Arguments>.common.map(OptionDescription.init).first(where: isMeant)?
      .spellings.joined(separator: ", ")
  }
}
