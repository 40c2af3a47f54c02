import Diagnosis
import ProcNet

/// `sockinspect watch`: listeners, states and counters, live.
enum WatchCommand {
  /// Runs the command and answers its exit status.
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = WatchArguments()
    let parser = OptionParser(command: "sockinspect watch", options: Option.watch)
    arguments.listen.words = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("watch") }
    if arguments.common.listsColumns { return try ColumnSet.listeners.list() }
    let screen = isForScreen(arguments) ? FullScreen() : nil
    try arguments.check(isScreen: screen != nil)
    let place = try WatchScope(arguments.listen)
    let recording = WatchRecording(arguments)
    guard let screen else {
      var lines = try WatchLines(arguments, place)
      guard let recording else { return try lines.run() }
      return try record(recording, &lines)
    }
    var loop = try WatchLoop(arguments, place, diagnosis: diagnosis)
    let status = try loop.run(on: screen, recording: recording)
    Notice.show(loop.recordedGaps)
    return status
  }

  /// A signal ends what is recorded, and then the process.
  private static func record(
    _ recording: WatchRecording, _ lines: inout WatchLines
  ) throws(KernelError) -> ExitStatus {
    Interruption.note()
    var goesOn = true
    let gaps = try recording.run { (time) throws(KernelError) in
      goesOn = try lines.goOn(for: time)
      return goesOn
    }
    Notice.show(gaps)
    if Interruption.hasCome { Interruption.end() }
    return goesOn ? try lines.run() : lines.ended
  }

  /// What `diagnose` says, for the screen.
  private static func diagnosis(_ arguments: DiagnoseArguments) -> WatchDiagnosis {
    do {
      return .report(try DiagnoseCommand.answer(arguments).report)
    } catch let nothing as DiagnoseTarget.Nothing {
      return .failed(nothing.message)
    } catch let error as UsageError {
      return .failed(error.message)
    } catch let error as KernelError {
      return .failed(error.message)
    } catch {
      return .failed("\(error)")
    }
  }

  private static func isForScreen(_ arguments: WatchArguments) -> Bool {
    let common = arguments.common
    let isDumb = ["dumb", ""].contains(CurrentProcess.environment("TERM") ?? "")
    return !arguments.isPlain && common.format == .table && !isDumb
      && OutputFile.standardOutput.isTerminal
  }
}
