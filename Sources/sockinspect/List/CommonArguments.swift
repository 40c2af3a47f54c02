import ProcNet

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

extension ColourChoice {
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
}
