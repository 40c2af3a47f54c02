import ProcNet

/// What was typed after `metrics`.
struct MetricsArguments: Sendable, HasCommonArguments, HasListenSelection {
  var common = CommonArguments()
  var selection = ListenSelection()
  /// `--format`.
  var format: MetricsFormat?
  /// `--output`.
  var path: String?
  var wantsHelp = false
  /// The words that are no options: the filter.
  var words: [String] = []

  /// A file is there for the textfile collector, which parses the older format.
  var chosenFormat: MetricsFormat { format ?? (path == nil ? .openmetrics : .prometheus) }

  /// How a filter's words are read: as those of `listen`.
  var forFilter: ListArguments {
    var listen = ListenArguments()
    listen.selection = selection
    listen.words = words
    return listen.forFilter
  }
}

extension Option where Arguments == MetricsArguments {
  /// The options of `metrics`.
  static var metrics: [Option<MetricsArguments>] {
    listenerKinds + [output, format] + place
      + [strict, Option("h", "help", help: "show this help") { $0.wantsHelp = true }]
  }

  private static var output: Option<MetricsArguments> {
    Option(
      nil, "output", argument: "FILE", help: "replace this file at once when all is written"
    ) { $0.path = $1 == "-" ? nil : $1 }
  }

  private static var format: Option<MetricsArguments> {
    Option(
      nil, "format", argument: "FORMAT", choices: MetricsFormat.allCases.map(\.rawValue),
      help: "openmetrics, or prometheus, which is the default with --output"
    ) { (arguments, text) throws(UsageError) in
      arguments.format = try Choice.read(text, of: "format")
    }
  }
}
