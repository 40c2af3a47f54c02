import ProcNet

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
        nil, "interval", argument: "SECONDS", help: "time between two looks; 1 unless given"
      ) { (arguments, text) throws(UsageError) in
        arguments.interval = try ListenInterval.read(text)
      },
      Option(nil, "count", argument: "N", help: "end after N looks") {
        (arguments, text) throws(UsageError) in
        arguments.count = try Number.read(text, "--count", 1...Int(Int32.max))
      },
      Option(nil, "plain", help: "one block of text for each look; the default in a pipe") {
        $0.isPlain = true
      },
    ]
  }
}

extension Option {
  /// An option of another command that is understood here, too.
  init<Inner>(
    _ inner: Option<Inner>, at place: WritableKeyPath<Arguments, Inner>
  ) {
    letter = inner.letter
    names = inner.names
    argument = inner.argument
    help = inner.help
    choices = inner.choices
    apply = { (arguments, text) throws(UsageError) in
      try inner.apply(&arguments[keyPath: place], text)
    }
  }
}
