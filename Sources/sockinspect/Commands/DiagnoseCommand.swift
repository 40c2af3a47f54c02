import Diagnosis
import ProcNet

/// `sockinspect diagnose`: what is wrong, why, on which evidence, and what to do about it.
///
/// Its exit statuses are those of a monitoring plugin.
struct DiagnoseCommand {
  private let arguments: DiagnoseArguments
  private let session: Session
  private let facts: HostFacts
  private let places: [NamespacePlace]
  private var target: DiagnoseTarget

  /// Runs the command and answers its exit status; whatever keeps it from an answer is status 3.
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = DiagnoseArguments()
    let parser = OptionParser(command: "sockinspect diagnose", options: Option.diagnose)
    arguments.words = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("diagnose") }
    if arguments.interval != nil, arguments.common.recording != nil {
      throw UsageError("a recording holds its own moments; --interval needs a live host")
    }
    do {
      if arguments.listsFindings { return try FindingList.show(arguments) }
      var command = try DiagnoseCommand(arguments)
      return try command.run()
    } catch let nothing as DiagnoseTarget.Nothing {
      Notice.show(nothing.message)
    } catch let error as KernelError where !error.isBrokenPipe {
      Notice.show(error.message)
    }
    return .couldNotTell
  }

  private init(_ arguments: DiagnoseArguments) throws {
    self.arguments = arguments
    session = try Session(arguments.common)
    var gaps: [Gap] = []
    places = try DiagnoseScope(session).places(arguments.common, gaps: &gaps)
    facts = HostFacts(kernel: session.kernel, places: places, gaps: gaps)
    target = try DiagnoseTarget(arguments, facts, session, places)
  }

  private mutating func run() throws -> ExitStatus {
    var gaps = facts.gaps
    try target.find(gaps: &gaps)
    let scope = Diagnoser.Scope(
      places: places, source: session.source(arguments.common.source), moments: moments)
    var diagnosis = try Diagnoser.run(scope, focus: target.focus)
    diagnosis.gaps = gaps + diagnosis.gaps.filter { !gaps.contains($0) }
    let report = DiagnosisReport(
      diagnosis, head: session.head(command: "diagnose"),
      target: target.isWholeHost ? nil : target.words)
    if report.headline == nil, let blindness = target.blindness {
      throw DiagnoseTarget.Nothing(message: blindness)
    }
    try DiagnosisOutput(arguments).write(report)
    if arguments.format == .json { Notice.show(diagnosis.gaps) }
    return status(report)
  }

  /// Two looks, or the first and the last moment of a recording; where it holds only one, that
  /// answers both.
  private var moments: SamplePair {
    guard let recorded = session.kernel as? RecordedKernel else {
      return SamplePair(
        live: session.kernel, interval: arguments.interval ?? DiagnoseArguments.usualInterval)
    }
    guard recorded.samples > 1, let last = recorded.sample(recorded.samples - 1) else {
      return SamplePair(recorded: recorded, recorded, interval: nil)
    }
    return SamplePair(
      recorded: recorded, last, interval: max(last.time, recorded.time) - recorded.time)
  }

  /// What was found counts, whatever else could not be seen. That nothing listens at the target is
  /// no answer to what is wrong with it.
  private func status(_ report: DiagnosisReport) -> ExitStatus {
    switch report.headline?.severity {
    case .critical: .critical
    case .warning: .warning
    case .notice: .couldNotTell
    case nil: arguments.common.isStrict && !report.diagnosis.gaps.isEmpty ? .couldNotTell : .done
    }
  }
}
