import ProcNet

/// What was typed after `watch`.
struct WatchArguments: Sendable, HasCommonArguments {
  /// Which listeners, and all that `listen` understands as well.
  var listen = ListenArguments()
  var view = WatchView.listeners
  /// Milliseconds between two samples; nil when it was not said.
  var interval: UInt64?
  /// The number of samples after which it ends.
  var count: Int?
  var isPlain = false
  /// `--record`: the file that is to hold the host as it was at each sample.
  var recordingToMake: String?
  var wantsHelp = false

  var common: CommonArguments {
    get { listen.common }
    set { listen.common = newValue }
  }

  static let usualInterval: UInt64 = 1000

  /// In which order listeners are shown, where `--sort` says it.
  func order() throws(UsageError) -> WatchOrder? {
    guard let text = common.sort else { return nil }
    return try WatchOrder(named: text)
  }

  /// What cannot be meant together, in one line.
  func check(isScreen: Bool) throws(UsageError) {
    if common.recording != nil, interval != nil {
      throw UsageError("a recording holds its own moments; --interval needs a live host")
    }
    if common.format.isFlat {
      throw UsageError("watch writes tables or lines of JSON; use 'listen --format csv'")
    }
    if common.columns != nil, isScreen || common.format != .table || view != .listeners {
      throw UsageError("--columns is for --plain and its listeners; the screen has its own")
    }
    guard let file = recordingToMake else { return }
    if common.recording != nil {
      throw UsageError("--record needs a live host; --from reads a recording")
    }
    if file == "-" {
      throw UsageError("--record takes a FILE; what is watched goes to standard output")
    }
  }
}

extension Option where Arguments == WatchArguments {
  /// The options of `watch`.
  static var watch: [Option<WatchArguments>] {
    Option<ListenArguments>.listenerKinds.map { Option($0, at: \.listen) } + own
      + common.map { $0.names.contains("sort") ? sort : $0 }
  }

  private static var sort: Option<WatchArguments> {
    Option(
      nil, "sort", argument: "COLUMN",
      help: "sort by a column, -COLUMN for largest first; rise: fastest rising queue or drops first"
    ) { $0.common.sort = $1 }
  }

  private static var own: [Option<WatchArguments>] {
    [
      Option(
        nil, "view", argument: "VIEW", choices: WatchView.allCases.map(\.rawValue),
        help: "begin with listeners, states or counters"
      ) { (arguments, text) throws(UsageError) in
        arguments.view = try Choice.read(text, of: "view")
      },
      Option(
        nil, "interval", argument: "SECONDS", help: "time between two samples (default: 1)"
      ) { (arguments, text) throws(UsageError) in
        arguments.interval = try ListenInterval.read(text)
      },
      Option(nil, "count", argument: "N", help: "stop after N samples") {
        (arguments, text) throws(UsageError) in
        arguments.count = try Number.read(text, "--count", 1...Int(Int32.max))
      },
      Option(
        nil, "record", argument: "FILE",
        help: "record the host at each sample, too; --from FILE shows it again"
      ) { $0.recordingToMake = $1 },
      Option(nil, "plain", help: "one block of text for each sample; the default in a pipe") {
        $0.isPlain = true
      },
    ]
  }
}

/// What is watched: where it is read, which kinds of sockets, which of them. Of a recording, at one
/// of its samples.
struct WatchScope {
  let session: Session
  let namespaces: [NetworkNamespace]
  private(set) var facts: HostFacts
  private(set) var kernel: any Kernel
  let arguments: ListenArguments
  private(set) var filter: Filter
  /// The filter as it was typed.
  private(set) var words: [String]

  init(_ arguments: ListenArguments) throws {
    self.arguments = arguments
    session = try Session(arguments.common)
    kernel = session.kernel
    var gaps: [Gap] = []
    namespaces = try session.places(arguments.common.namespace, gaps: &gaps)
    facts = HostFacts(
      kernel: kernel, places: namespaces, gaps: gaps,
      resolvesNames: arguments.common.resolvesNames)
    words = arguments.words
    filter = try arguments.forFilter.filter(facts, kernel)
  }

  private var recorded: RecordedKernel? { kernel as? RecordedKernel }

  /// How many samples the recording holds; nil on a live host.
  var samples: Int? { recorded?.samples }

  /// The same recording at another sample, counted from 0. A live host has only now.
  func at(sample number: Int) -> WatchScope {
    guard let other = recorded?.sample(number) else { return self }
    var scope = self
    scope.kernel = other
    scope.facts = HostFacts(
      kernel: other, places: namespaces, gaps: facts.gaps,
      resolvesNames: arguments.common.resolvesNames)
    return scope
  }

  /// Milliseconds since 1970: now, or when the sample was recorded.
  var time: UInt64 { recorded?.time ?? CurrentProcess.now }
  /// Milliseconds of a clock that is never set back; of a recording, its own.
  var moment: UInt64 { recorded?.time ?? CurrentProcess.steadyTime }

  var source: any SocketSource { session.source(arguments.common.source) }

  /// Another filter; the one of before stays when it cannot be read.
  mutating func change(filter text: String) throws(FilterError) {
    var typed = arguments
    // As one word, so that a mistake is found where it was typed.
    typed.words = text.allSatisfy { $0 == " " } ? [] : [text]
    filter = try typed.forFilter.parsedFilter(facts, kernel)
    words = typed.words
  }

  var survey: ListenerSurvey.Scope {
    ListenerSurvey.Scope(
      arguments.selection.surveyed, families: arguments.selection.families, in: namespaces,
      from: source, through: kernel)
  }

  /// The heading of a document about this moment.
  func head(time: UInt64) -> ReportHead {
    var head = session.head(command: "watch")
    head.time = time
    return head
  }
}
