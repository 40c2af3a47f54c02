import Diagnosis
import ProcNet

/// What was typed after `record`.
struct RecordArguments: Sendable, HasHelp {
  var namespace = "all"
  var procRoot: String?
  var isStrict = false
  var samples = 1
  /// Milliseconds; nil when it was not given.
  var interval: UInt64?
  /// `--force`.
  var replaces = false
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
        nil, "samples", argument: "N", help: "take N samples instead of one, for rates"
      ) { (arguments, text) throws(UsageError) in
        guard let samples = Int(text), (1...1000).contains(samples) else {
          let shown = SafeText.string(text)
          throw UsageError("--samples takes a number from 1 to 1000, not '\(shown)'")
        }
        arguments.samples = samples
      },
      Option(
        nil, "interval", argument: "SECONDS",
        help: "time between two samples (default: 1)"
      ) { (arguments, text) throws(UsageError) in
        arguments.interval = try ListenInterval.read(text)
      },
      Option(nil, "force", help: "replace FILE if it exists") { $0.replaces = true },
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
    let made = try record(to: rest[0], arguments)
    Notice.show(made.gaps)
    Notice.show(made.summary)
    if Interruption.hasCome { Interruption.end() }
    return !made.gaps.telling.isEmpty && arguments.isStrict ? .incomplete : .done
  }

  /// A recording that has been written.
  private struct Made {
    var gaps: [Gap]
    /// What it holds, in one line.
    var summary: String
  }

  private static func record(
    to path: String, _ arguments: RecordArguments
  ) throws(KernelError) -> Made {
    let live = try LiveKernel.host(procRoot: arguments.procRoot)
    if let folder = arguments.procRoot, Session.needsFirstProcess(arguments.namespace) {
      try Session.check(live, folder)
    }
    let header = RecordingHeader.now(through: live, program: Session.program)
    let writer = try writing(path) { () throws(KernelError) in
      try RecordingWriter(to: path, header: header, replaces: arguments.replaces)
    }
    let begin = CurrentProcess.steadyTime
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
    let time = Phrase.duration(CurrentProcess.steadyTime - begin)
    try writing(path, writer.finish)
    let summary =
      Interruption.hasCome
      ? "interrupted: \(path) holds \(samples) of \(arguments.samples) samples"
      : "recorded \(DiagnosisReport.count(samples, "sample")) in \(time):"
        + " \(Phrase.bytes(writer.size)) \(path == "-" ? "to standard output" : "in \(path)")"
    return Made(gaps: found + gaps, summary: summary)
  }

  /// Says how to replace a file that is there.
  private static func writing<Result>(
    _ path: String, _ write: () throws(KernelError) -> Result
  ) throws(KernelError) -> Result {
    do throws(KernelError) {
      return try write()
    } catch {
      guard error.isExisting else { throw error }
      throw KernelError("write", path, .malformed("it exists; --force replaces it"))
    }
  }

  /// Once there is a sample, a signal ends the recording and not the process.
  private static func pause(_ milliseconds: UInt64, _ samples: inout Int) -> Bool {
    if samples == 1 { Interruption.note() }
    guard Interruption.pause(milliseconds: milliseconds) else { return false }
    samples += 1
    return true
  }
}
