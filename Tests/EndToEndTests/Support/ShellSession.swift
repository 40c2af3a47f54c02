import Foundation

/// A shell at a terminal of its own, which is typed into line by line.
///
/// It is interactive and has job control, so that `&` and `kill '%?text'` work as they do for a
/// person, and jobs in the background leave the keyboard alone. What it and its jobs print goes to
/// a file.
final class ShellSession {
  let mark = UUID().uuidString
  private let process: ChildProcess
  private let terminal: Terminal
  private let output: OpenFile
  private var lines = 1

  /// A line that was typed, and what has come since.
  struct Typed {
    let status: Int32
    let output: String
    /// Where its output begins.
    let start: Int
  }

  struct NoAnswer: Error {
    var line: String
    /// The last that was shown, and what each process of the shell does.
    var shown: String
    var processes: [String]
  }

  init(path: String) throws {
    terminal = try Terminal()
    output = try OpenFile.temporary()
    process = try ChildProcess(
      CoursePlace.words(["bash", "--norc", "--noprofile", "--noediting", "-i"]),
      environment: [
        "PATH": "\(path):\(Tool.path)", "SOCKINSPECT_TEST": mark, "TERM": "dumb", "HISTFILE": "",
        // The number of the line that the shell is ready for, and how the last one ended.
        "PS1": "\n-- line \\# $? --\n", "PS2": "",
      ],
      terminal: terminal, output: output.number, errors: output.number)
    guard waits(from: 0, until: hasPrompt) else { throw noAnswer(to: "") }
  }

  deinit { end() }

  func end() {
    process.end()
    for process in CoursePlace.processes(marked: mark) { kill(process, SIGKILL) }
  }

  /// Begins the prompt at which the next line is to be typed. Nothing is typed ahead of it: the
  /// program in the foreground might read it.
  private var prompt: String { "\n-- line \(lines) " }

  private func hasPrompt(_ text: String) -> Bool {
    let parts = text.components(separatedBy: prompt)
    return parts.count > 1 && parts[1].contains(" --\n")
  }

  /// Types a line and waits until the shell is ready for the next.
  func type(_ line: String, within deadline: Duration = .seconds(120)) throws -> Typed {
    let start = text.utf8.count
    lines += 1
    terminal.type(line + "\n")
    guard waits(from: start, within: deadline, until: hasPrompt) else {
      throw noAnswer(to: line)
    }
    let parts = text(from: start).components(separatedBy: prompt)
    let status = Int32(parts[1].prefix { $0.isNumber }) ?? -1
    return Typed(status: status, output: parts[0], start: start)
  }

  private func noAnswer(to line: String) -> NoAnswer {
    let processes = CoursePlace.processes(marked: mark).map { process in
      ["stat", "wchan", "syscall"].reduce("\(process)") {
        let file = try? String(contentsOfFile: "/proc/\(process)/\($1)", encoding: .utf8)
        return $0 + " " + (file ?? "-").prefix(120).replacing("\n", with: "")
      }
    }
    return NoAnswer(line: line, shown: String(text.suffix(1000)), processes: processes)
  }

  /// How many jobs go on. Asking also makes the shell forget those that have ended, which at a
  /// terminal it does before each prompt.
  func runningJobs() throws -> Int {
    try type("jobs").output.components(separatedBy: "Running").count - 1
  }

  /// Waits until what has come since a place is as wanted.
  func waits(
    from start: Int, within deadline: Duration = .seconds(120), until condition: (String) -> Bool
  ) -> Bool {
    let end = ContinuousClock.now + deadline
    while ContinuousClock.now < end {
      if condition(text(from: start)) { return true }
      usleep(5000)
    }
    return false
  }

  /// Standard output and standard error in the order in which they came.
  var text: String { text(from: 0) }

  private func text(from start: Int) -> String {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = pread(output.number, &bytes, bytes.count, start)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
  }
}
