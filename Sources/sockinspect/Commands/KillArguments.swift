import ProcNet

/// What was typed after `kill`.
struct KillArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  /// `--yes`.
  var isMeant = false
  var wantsHelp = false
  /// The words that are no options: the filter.
  var words: [String] = []

  /// How the filter is read: as `list` would.
  var forFilter: ListArguments {
    var arguments = ListArguments()
    arguments.words = words
    return arguments
  }
}

extension Option where Arguments == KillArguments {
  static var kill: [Option<KillArguments>] {
    [
      Option("y", "yes", help: "close them; without it nothing is changed") { $0.isMeant = true },
      Option(
        "N", "netns", "net", argument: "WHICH", choices: ["self", "all"],
        help: "network namespace: self, all, a process id, a name or a path"
      ) { $0.common.namespace = $1 },
      numeric, colour, help,
    ]
  }
}
