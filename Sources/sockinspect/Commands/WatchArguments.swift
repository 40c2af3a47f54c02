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
