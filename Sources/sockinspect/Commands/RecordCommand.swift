import ProcNet

/// What was typed after `record`.
struct RecordArguments: Sendable, HasHelp {
  var namespace = "all"
  var procRoot: String?
  var isStrict = false
  var samples = 1
  /// Milliseconds; nil when it was not given.
  var interval: UInt64?
  var wantsHelp = false
}

extension Option where Arguments == RecordArguments {
  static var record: [Option<RecordArguments>] {
    [
      Option(
        "N", "netns", "net", argument: "WHICH", choices: ["self", "all"],
        help: "network namespaces to record: all (the default), self, a process id, name or path"
      ) { $0.namespace = $1 },
      Option(nil, "proc", argument: "DIR", help: "record another /proc") { $0.procRoot = $1 },
      Option(
        nil, "samples", argument: "N", help: "record N moments instead of one, for rates"
      ) { (arguments, text) throws(UsageError) in
        guard let samples = Int(text), (1...1000).contains(samples) else {
          let shown = SafeText.string(text)
          throw UsageError("--samples takes a number from 1 to 1000, not '\(shown)'")
        }
        arguments.samples = samples
      },
      Option(
        nil, "interval", argument: "SECONDS",
        help: "from one moment to the next; 1 by default"
      ) { (arguments, text) throws(UsageError) in
        arguments.interval = try ListenInterval.read(text)
      },
      Option(nil, "strict", help: "exit with 3 when something could not be read") {
        $0.isStrict = true
      },
      help,
    ]
  }
}

/// `sockinspect record FILE`: everything that the other commands read, in one file.
enum RecordCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = RecordArguments()
    let parser = OptionParser(
      command: "sockinspect record", options: Option<RecordArguments>.record)
    let rest = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("record") }
    guard rest.count == 1 else {
      throw UsageError("record takes one FILE to write to; - is standard output")
    }
    if arguments.interval != nil, arguments.samples == 1 {
      throw UsageError("--interval is between moments; ask for more than one with --samples")
    }
    let gaps = try record(to: rest[0], arguments)
    Notice.show(gaps)
    if Interruption.hasCome { Interruption.end() }
    return !gaps.telling.isEmpty && arguments.isStrict ? .incomplete : .done
  }

  private static func record(
    to path: String, _ arguments: RecordArguments
  ) throws(KernelError) -> [Gap] {
    let live = try LiveKernel.host(procRoot: arguments.procRoot)
    if let folder = arguments.procRoot, Session.needsFirstProcess(arguments.namespace) {
      try Session.check(live, folder)
    }
    let header = RecordingHeader.now(through: live, program: Session.program)
    let writer = try RecordingWriter(to: path, header: header)
    var found: [Gap] = []
    let choice = NamespaceChoice(arguments.namespace)
    var samples = 1
    let gaps = try HostRecorder.record(
      through: live, into: writer, samples: arguments.samples,
      every: arguments.interval ?? 1000
    ) {
      (kernel) throws(KernelError) in
      try NamespaceFinder(through: kernel).places(for: choice, gaps: &found)
    } pause: {
      pause($0, &samples)
    }
    try writer.finish()
    if Interruption.hasCome {
      Notice.show("interrupted: \(path) holds \(samples) of \(arguments.samples) samples")
    }
    return found + gaps
  }

  /// Once there is a sample, a signal ends the recording and not the process.
  private static func pause(_ milliseconds: UInt64, _ samples: inout Int) -> Bool {
    if samples == 1 { Interruption.note() }
    guard Interruption.pause(milliseconds: milliseconds) else { return false }
    samples += 1
    return true
  }
}
