import Diagnosis
import ProcNet

/// What was typed after `diagnose`.
struct DiagnoseArguments: Sendable, HasCommonArguments, HasPager {
  var common = CommonArguments()
  var format = DiagnoseFormat.table
  /// Milliseconds between the two samples; nil when the option was not given.
  var interval: UInt64?
  /// `--all`: notices in full, too.
  var showsAll = false
  /// `--evidence`: one line for each fact.
  var showsEvidence = false
  /// `--brief`: a line for each root cause.
  var isBrief = false
  var usesPager = true
  /// `Sampling, 1 s …` on a terminal while it works.
  var showsProgress = true
  var listsFindings = false
  /// `--record`: the file that is to hold what this diagnosis reads.
  var recordingToMake: String?
  var wantsHelp = false
  /// The arguments that are not options: the target.
  var words: [String] = []

  /// How the target is read: as `list` would.
  var forFilter: ListArguments { ListArguments(words: words) }

  static let usualInterval: UInt64 = 1000
}

/// How a diagnosis is written.
enum DiagnoseFormat: String, CaseIterable, Sendable {
  /// `table` is what other commands call the format for people.
  case text, table, json, markdown
  /// The wait graph alone, for Graphviz or as a picture.
  case dot, svg
  /// One page that needs nothing else.
  case html
}

extension Option where Arguments == DiagnoseArguments {
  /// The options of `diagnose`.
  static var diagnose: [Option<DiagnoseArguments>] {
    looks + contents + shape + place + [numeric, strict, help]
  }

  private static var looks: [Option<DiagnoseArguments>] {
    [
      Option(
        nil, "interval", argument: "SECONDS",
        help: "time between the two samples, 0.1 to 60 s (default: 1)"
      ) { (arguments, text) throws(UsageError) in
        arguments.interval = try ListenInterval.read(text, most: 60)
      },
      Option(
        nil, "record", argument: "FILE",
        help: "keep what this diagnosis reads; --from FILE repeats it"
      ) { $0.recordingToMake = $1 },
    ]
  }

  private static var contents: [Option<DiagnoseArguments>] {
    [
      Option("a", "all", help: "show notices in full, too") { $0.showsAll = true },
      Option("b", "brief", help: "one line for each root cause") {
        $0.isBrief = true
      },
      Option(nil, "evidence", help: "all facts of each finding, with their sources") {
        $0.showsEvidence = true
      },
      Option(nil, "list-findings", help: "list all kinds of finding: ids, severities, conditions") {
        $0.listsFindings = true
      },
    ]
  }

  private static var shape: [Option<DiagnoseArguments>] {
    [
      Option("j", "json", help: "one JSON document; same as --format json") { $0.format = .json },
      Option(
        nil, "format", argument: "FORMAT", choices: DiagnoseFormat.allCases.map(\.rawValue),
        help:
          "text (also called table), json, markdown or html for a ticket, dot or svg for the wait graph"
      ) { (arguments, text) throws(UsageError) in
        arguments.format = try Choice.read(text, of: "format")
      },
      colour,
      noPager,
    ]
  }
}
