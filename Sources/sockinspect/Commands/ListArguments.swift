import ProcNet

/// How a report is written.
enum OutputFormat: String, CaseIterable, Sendable {
  case table, json, jsonl, csv
}

/// When colours are used.
enum ColourChoice: String, CaseIterable, Sendable {
  case auto, always, never
}

/// Where sockets are read from.
enum SourceChoice: String, CaseIterable, Sendable {
  case auto, diag, proc
}

/// What was typed after `list`, before anybody has thought about what it means.
struct ListArguments: Sendable {
  var common = CommonArguments()
  var selection = TableSelection()
  var details = SSDetails()
  var summary = false
  var wantsHelp = false
  /// The words that are no options: the filter.
  var words: [String] = []
}

/// What every reading command understands.
struct CommonArguments: Sendable {
  var format = OutputFormat.table
  var colour = ColourChoice.auto
  var showsHeader = true
  var recording: String?
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
