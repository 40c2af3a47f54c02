import CStart
import Glibc
import ProcNet

/// The program: finds the command, runs it, and turns what went wrong into one line and a status.
@main
enum Main {
  static func main() {
    StartState.reset()
    CurrentProcess.failInWrites()
    guard let words = StartState.arguments else {
      Notice.show("cannot read the arguments of the command line")
      CurrentProcess.end(status: ExitStatus.failed.rawValue)
    }
    let status = run(words.map { String(rawBytes: $0) })
    CurrentProcess.end(status: status.rawValue)
  }

  static func run(_ words: [String]) -> ExitStatus {
    do {
      if let status = try runGlobalOption(words) { return status }
      let (command, rest) = CommandList.split(words)
      return try command.run(rest)
    } catch let error as UsageError {
      Notice.show(error.message)
      if let detail = error.detail { try? OutputFile.standardError.write(detail + "\n") }
      return error.isUndecided ? .failed : .usage
    } catch let error as KernelError {
      return ended(by: error)
    } catch {
      Notice.show("\(error)")
      return .failed
    }
  }

  /// `--help` and `--version` stand alone before any command.
  private static func runGlobalOption(_ words: [String]) throws -> ExitStatus? {
    switch words.first {
    case "--help", "-h": return try HelpCommand.run(Array(words.dropFirst()))
    case "--version", "-V":
      let commit = StartState.commit.map { " (\($0))" } ?? ""
      try OutputFile.standardOutput.write("\(Session.program)\(commit)\n")
      return .done
    default: return nil
    }
  }

  /// The reader of our output has gone: that is how `| head` ends, and no failure.
  private static func ended(by error: KernelError) -> ExitStatus {
    if error.isBrokenPipe { return .done }
    Notice.show(error.message)
    return error.cause == .notMounted ? .incomplete : .failed
  }
}

/// What the program was started with.
private enum StartState {
  /// The words of the command line behind the program's name, as bytes: names of files and of
  /// processes need not be UTF-8. Nil when they are not known; then no command may run.
  static var arguments: [[UInt8]]? {
    let count = sockinspect_argument_count()
    guard count >= 0 else { return nil }
    return (1..<max(count, 1)).map { index in
      guard let word = unsafe sockinspect_argument(index) else { return [] }
      let length = unsafe strlen(word)
      return unsafe UnsafeBufferPointer(start: word, count: length).map { UInt8(bitPattern: $0) }
    }
  }

  /// The commit that it was built from and its day, `1a2b3c4d5e 2026-11-28`; nil where the build
  /// does not know it, as with an ordinary `swift build`.
  static var commit: String? {
    guard let text = unsafe sockinspect_commit() else { return nil }
    return unsafe String(cString: text)
  }

  /// Crashes and SIGQUIT end the process as they end a C program, without the backtracer of
  /// Swift's runtime.
  static func reset() { sockinspect_begin() }
}
