import Foundation

/// A shell that is typed into, line by line, as at a terminal.
///
/// It has job control, so that `&` and `kill '%?text'` work as they do for a person.
final class ShellSession {
  let mark = UUID().uuidString
  private let process: ChildProcess
  private let input: OpenFile
  private let output: OpenFile
  private var lines = 0

  /// A line that was typed, and what has come since.
  struct Typed {
    let status: Int32
    let output: String
    /// Where its output begins.
    let start: Int
  }

  struct NoAnswer: Error { var line: String }

  init(path: String) throws {
    let (inputEnd, input) = try OpenFile.pipe()
    self.input = input
    output = try OpenFile.temporary()
    process = try ChildProcess(
      CoursePlace.words(["bash", "-m", "--norc"]),
      environment: ["PATH": "\(path):\(Tool.path)", "SOCKINSPECT_TEST": mark],
      input: inputEnd.number, output: output.number, errors: output.number)
  }

  deinit { end() }

  func end() {
    process.end()
    for process in CoursePlace.processes(marked: mark) { kill(process, SIGKILL) }
  }

  /// Types a line and waits until the shell is ready for the next.
  func type(_ line: String, within deadline: Duration = .seconds(60)) throws -> Typed {
    let start = text.utf8.count
    lines += 1
    let marker = "\n-- line \(lines) "
    write(line + "\nprintf '\\n-- line %d %d --\\n' \(lines) $?\n")
    let end = ContinuousClock.now + deadline
    while ContinuousClock.now < end {
      let parts = text(from: start).components(separatedBy: marker)
      if parts.count > 1, let status = Int32(parts[1].prefix { $0.isNumber }) {
        return Typed(status: status, output: parts[0], start: start)
      }
      usleep(2000)
    }
    throw NoAnswer(line: line)
  }

  /// Waits until what has come since a place is as wanted.
  func waits(
    from start: Int, within deadline: Duration = .seconds(30), until condition: (String) -> Bool
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

  private func write(_ text: String) {
    _ = text.withCString { Glibc.write(input.number, $0, strlen($0)) }
  }
}
