import ProcNet

/// What was typed after `diagnose`.
struct DiagnoseArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  var format = DiagnoseFormat.table
  /// Milliseconds between the two looks; nil when nothing was said.
  var interval: UInt64?
  /// `--all`: notices in full, too.
  var showsAll = false
  /// `--evidence`: a line for each fact.
  var showsEvidence = false
  /// `--brief`: what goes on, without facts and advice.
  var isBrief = false
  var listsFindings = false
  /// `--record`: the file that is to hold what this diagnosis reads.
  var recordingToMake: String?
  var wantsHelp = false
  /// The words that are no options: the target.
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
