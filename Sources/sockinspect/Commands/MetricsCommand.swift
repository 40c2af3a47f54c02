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
    listenerKinds + [output, format] + place + [strict, help]
  }

  private static var output: Option<MetricsArguments> {
    Option(
      nil, "output", argument: "FILE", help: "write into FILE, which is replaced atomically"
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

/// `sockinspect metrics`: listeners and their namespaces as text for Prometheus.
///
/// Processes are not looked at unless the filter asks for them, so that it can run often.
struct MetricsCommand {
  private let arguments: MetricsArguments
  private let text: MetricsText
  private let begin = CurrentProcess.steadyMicroseconds

  /// Runs the command and answers its exit status.
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = MetricsArguments()
    let parser = OptionParser(command: "sockinspect metrics", options: Option.metrics)
    arguments.words = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("metrics") }
    return try MetricsCommand(arguments).run()
  }

  private init(_ arguments: MetricsArguments) {
    self.arguments = arguments
    text = MetricsText(format: arguments.chosenFormat)
  }

  /// A failure shows in the metrics too: those who read them do not see our status.
  private func run() throws -> ExitStatus {
    var writer = ByteWriter()
    var gaps: [Gap] = []
    let moment: UInt64
    do {
      moment = try sample(&gaps, &writer)
    } catch let error as KernelError {
      writer.clear()
      try finish(RunMetrics(found: nil, moment: nil, microseconds: elapsed), &writer)
      throw error
    }
    try finish(RunMetrics(found: gaps, moment: moment, microseconds: elapsed), &writer)
    Notice.show(gaps)
    return !gaps.telling.isEmpty && arguments.common.isStrict ? .incomplete : .done
  }

  private var elapsed: UInt64 { CurrentProcess.steadyMicroseconds - begin }

  /// Writes all but what the tool tells of itself, and answers when that was.
  private func sample(_ gaps: inout [Gap], _ writer: inout ByteWriter) throws -> UInt64 {
    let session = try Session(arguments.common)
    let places = try session.places(arguments.common.namespace, gaps: &gaps)
    let facts = HostFacts(kernel: session.kernel, places: places)
    let listeners = try survey(session, places, facts, &gaps)
    let labels = ListenerLabels(context: facts).of(listeners)
    try facts.concludeOwners(from: session.source(arguments.common.source), gaps: &gaps)
    ListenerMetrics(text: text, listeners: listeners, labels: labels).append(to: &writer)
    NamespaceMetrics(places, through: session.kernel, gaps: &gaps).append(text, to: &writer)
    return session.time
  }

  private func survey(
    _ session: Session, _ places: [NetworkNamespace], _ facts: HostFacts, _ gaps: inout [Gap]
  ) throws -> [Listener] {
    let filter = try arguments.forFilter.filter(facts, session.kernel)
    let selection = arguments.selection
    let scope = ListenerSurvey.Scope(
      selection.netids, families: selection.families, in: places,
      from: session.source(arguments.common.source), through: session.kernel)
    var survey = ListenerSurvey(scope, listsWaiting: false)
    try survey.findListeners(gaps: &gaps)
    if filter.collected.contains(.owners) {
      facts.collectOwners(of: survey.inodes, gaps: &gaps)
    }
    if !filter.isEmpty { survey.keep { filter.matches($0, facts) } }
    try survey.countConnections(gaps: &gaps)
    return survey.concluded(gaps: &gaps)
  }

  private func finish(_ run: RunMetrics, _ writer: inout ByteWriter) throws(KernelError) {
    run.append(text, to: &writer)
    text.end(&writer)
    guard let path = arguments.path else {
      return try OutputFile.standardOutput.write(writer.span)
    }
    // Monitoring runs as a user of its own.
    var file = try AtomicFile(at: path, mode: 0o644)
    try file.write(writer.span)
    try file.commit()
  }
}
