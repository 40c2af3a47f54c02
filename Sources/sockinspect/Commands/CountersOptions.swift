import ProcNet

extension Option where Arguments == CountersArguments {
  /// The options of `counters`.
  static var counters: [Option<CountersArguments>] { which + when + shared }

  private static var which: [Option<CountersArguments>] {
    [
      Option(
        nil, "listen", help: "those about queues, SYN, resets, loss and memory (the default)"
      ) { $0.wantsAll = false },
      Option(nil, "all", help: "every counter that the kernel has") { $0.wantsAll = true },
      Option("z", "zero", help: "those that are 0, too") { $0.showsZero = true },
    ]
  }

  private static var when: [Option<CountersArguments>] {
    [
      Option(
        nil, "interval", argument: "SECONDS",
        help: "look twice, so far apart, and show what changed, and per second"
      ) { (arguments, text) throws(UsageError) in
        arguments.interval = try ListenInterval.read(text)
      },
      Option(nil, "count", argument: "N", help: "with --interval: so many intervals") {
        (arguments, text) throws(UsageError) in
        arguments.count = try Number.read(text, "--count", 1...1_000_000)
      },
    ]
  }

  /// Those of every reading command, without what concerns sockets only.
  private static var shared: [Option<CountersArguments>] {
    common.filter { Set($0.names).isDisjoint(with: ["source", "resolve", "numeric"]) }
  }
}
