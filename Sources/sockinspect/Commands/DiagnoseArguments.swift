import ProcNet

/// What was typed after `diagnose`.
struct DiagnoseArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  var format = DiagnoseFormat.table
  /// Milliseconds between the two samples; nil when the option was not given.
  var interval: UInt64?
  /// `--all`: notices in full, too.
  var showsAll = false
  /// `--evidence`: one line for each fact.
  var showsEvidence = false
  /// `--brief`: what is wrong and why, without facts and advice.
  var isBrief = false
  var listsFindings = false
  /// `--record`: the file that is to hold what this diagnosis reads.
  var recordingToMake: String?
  var wantsHelp = false
  /// The arguments that are not options: the target.
  var words: [String] = []

  /// How the target is read: as `list` would.
  var forFilter: ListArguments {
    var arguments = ListArguments()
    arguments.words = words
    return arguments
  }

  static let usualInterval: UInt64 = 1000
}

/// How a diagnosis is written.
enum DiagnoseFormat: String, CaseIterable, Sendable {
  /// `table` is what other commands call the format for people.
  case text, table, json, markdown
}
