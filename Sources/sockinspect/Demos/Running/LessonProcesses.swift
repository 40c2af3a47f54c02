import ProcNet

/// Runs the commands of a lesson: those in the foreground, and those that keep on running.
///
/// Nothing that it has started outlives it: what runs in the background is ended on every way out,
/// and has asked the kernel to be ended should we be killed.
final class LessonProcesses {
  private struct Running {
    let command: String
    let child: Child
    let output: PrivateFile
    /// How much of its output has been shown.
    var shown = 0
  }

  private var running: [Running] = []
  private let ourselves = Programs.ourselves

  deinit { endAll() }

  /// Starts a command of ours in the background and answers what it says until it is ready.
  func start(_ command: String) throws -> String {
    let words = ShellLine(command).words
    let file = try PrivateFile()
    let child = try Child(
      program: ourselves, words + ["--die-with-parent"], output: .file(file))
    running.append(Running(command: command, child: child, output: file))
    return try waitUntilReady(command)
  }

  private func waitUntilReady(_ command: String) throws -> String {
    let place = running.count - 1
    var left = 30_000
    while true {
      let hasEnded = running[place].child.reap() != nil
      let text = running[place].output.text()
      if hasEnded { running.remove(at: place) }
      if hasEnded || left <= 0 { throw NotReady(command: command, said: text, hasEnded: hasEnded) }
      if text.hasReadyLine {
        running[place].shown = text.utf8.count
        return text
      }
      try EndingSignals.pause(milliseconds: 5)
      left -= 5
    }
  }

  /// Ends the command that has this text in its command line; answers what else it has said.
  func stop(_ label: String) throws(TourEnded) -> String {
    guard let place = running.lastIndex(where: { $0.command.contains(label) }) else { return "" }
    let ended = running.remove(at: place)
    ended.child.end(patience: 3000)
    try EndingSignals.check()
    return ended.output.text(from: ended.shown)
  }

  func endAll() {
    for part in running.reversed() { part.child.end(patience: 3000) }
    running = []
  }

  /// Runs a command line as a shell does and lets it write where we write.
  func show(_ command: String) throws {
    try shell(command, output: .shared).finish()
  }

  /// Runs a command line and answers what it writes.
  func read(_ command: String) throws -> String {
    let file = try PrivateFile()
    try shell(command, output: .file(file)).finish()
    return file.text()
  }

  /// The name `sockinspect` means us, wherever we are installed.
  private func shell(_ command: String, output: Child.Output) throws(KernelError) -> Child {
    let quoted = ourselves.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    let script =
      "PATH=$PATH:/usr/sbin:/sbin; sockinspect() { '\(quoted)' \"$@\"; }; \(command)"
    return try Child(
      program: "/bin/sh", ["sh", "-c", script], output: output)
  }
}

/// A command in the background that did not get under way.
struct NotReady: Error, CustomStringConvertible {
  let command: String
  let said: String
  let hasEnded: Bool

  var description: String {
    let what = hasEnded ? "ended" : "was not ready in 30 s"
    let said = said.split(whereSeparator: \.isNewline).joined(separator: "; ")
    return said.isEmpty ? "'\(command)' \(what)" : "'\(command)' \(what); it said: \(said)"
  }
}

extension String {
  /// Whether a server or client has said that it is under way.
  var hasReadyLine: Bool {
    split(whereSeparator: \.isNewline).contains { $0.hasPrefix("ready ") }
  }
}
