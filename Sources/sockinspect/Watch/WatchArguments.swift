import ProcNet

/// What was typed after `watch`.
struct WatchArguments: Sendable, HasCommonArguments {
  /// Which listeners, and all that `listen` understands as well.
  var listen = ListenArguments()
  var view = WatchView.listeners
  /// Milliseconds between two looks; nil when it was not said.
  var interval: UInt64?
  /// Looks after which it ends.
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
    if common.format == .csv {
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
