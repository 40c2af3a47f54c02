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
  var wantsHelp = false

  var common: CommonArguments {
    get { listen.common }
    set { listen.common = newValue }
  }

  static let usualInterval: UInt64 = 1000

  /// What cannot be meant together, in one line.
  func check(isScreen: Bool) throws(UsageError) {
    if common.recording != nil, interval != nil || (count ?? 1) != 1 {
      throw UsageError("a recording holds one moment; --interval and --count need a live host")
    }
    if common.format.isFlat {
      throw UsageError("watch writes tables or lines of JSON; use 'listen --format csv'")
    }
    if common.columns != nil, isScreen || common.format != .table || view != .listeners {
      throw UsageError("--columns is for --plain and its listeners; the screen has its own")
    }
  }
}

extension Option where Arguments == WatchArguments {
  /// The options of `watch`.
  static var watch: [Option<WatchArguments>] {
    Option<ListenArguments>.listenerKinds.map { Option($0, at: \.listen) } + own + common
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
      Option(nil, "count", argument: "N", help: "end after N looks") {
        (arguments, text) throws(UsageError) in
        arguments.count = try Number.read(text, "--count", 1...Int(Int32.max))
      },
      Option(nil, "plain", help: "one block of text for each sample; the default in a pipe") {
        $0.isPlain = true
      },
    ]
  }
}

/// What is watched: where it is read, which kinds of sockets, which of them.
struct WatchScope {
  let session: Session
  let namespaces: [NetworkNamespace]
  let facts: HostFacts
  let arguments: ListenArguments
  private(set) var filter: Filter
  /// The filter's words as they were typed.
  private(set) var words: [String]

  init(_ arguments: ListenArguments) throws {
    self.arguments = arguments
    session = try Session(arguments.common)
    var gaps: [Gap] = []
    namespaces = try session.places(arguments.common.namespace, gaps: &gaps)
    facts = HostFacts(
      kernel: session.kernel, places: namespaces, gaps: gaps,
      resolvesNames: arguments.common.resolvesNames)
    words = arguments.words
    filter = try arguments.forFilter.filter(facts, session.kernel)
  }

  var kernel: any Kernel { session.kernel }
  var source: any SocketSource { session.source(arguments.common.source) }

  /// Another filter; the one of before stays when it cannot be read.
  mutating func change(filter text: String) throws(FilterError) {
    var typed = arguments
    typed.words = text.split(separator: " ").map(String.init)
    filter = try typed.forFilter.parsedFilter(facts, session.kernel)
    words = typed.words
  }

  var survey: ListenerSurvey.Scope {
    ListenerSurvey.Scope(
      arguments.selection.netids, families: arguments.selection.families, in: namespaces,
      from: source, through: kernel)
  }

  /// The heading of a document about this moment.
  func head(time: UInt64) -> ReportHead {
    var head = session.head(command: "watch")
    if session.recording == nil { head.time = time }
    return head
  }
}
