import ProcNet

/// What was typed after `counters`.
struct CountersArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  /// `--all`: every counter instead of those about trouble.
  var wantsAll = false
  /// `--zero`.
  var showsZero = false
  /// `--interval`, in milliseconds.
  var interval: UInt64?
  /// `--count`.
  var count = 1
  var wantsHelp = false
  /// The words that are no options: names and patterns.
  var names: [String] = []

  var selection: CounterSelection {
    if !names.isEmpty { return .named(names) }
    return wantsAll ? .all : .listen
  }
}
