import Glibc

/// A child process of the harness: this same program as a server, a client or something else.
///
/// It ends with the harness however that ends: by SIGTERM in the ordinary case, otherwise because
/// it asked the kernel for SIGKILL at its parent's death.
struct HarnessChild: Sendable {
  let pid: Int32
  /// Held open for as long as the child shall go on; some children end at end of input.
  private let input: Int32
  /// What the child prints.
  private let output: Int32

  /// - Parameters:
  ///   - inherited: descriptors that the child gets under the same numbers.
  ///   - errors: what its standard error is; nil is the harness's.
  init(
    _ words: [String], inherited: [Int32] = [], errors: Int32? = nil
  ) throws(DemoError) {
    var input = try Pipe()
    var output = try Pipe()
    pid = try SelfSpawner.start(
      words, inherited: inherited, input: input.exit, output: output.entrance, errors: errors)
    (self.input, self.output) = (input.takeEntrance(), output.takeExit())
  }

  /// The line that it prints when it is ready; it must do so before the deadline.
  func ready(until deadline: Deadline) throws(DemoError) -> ReadyFields {
    var line: [UInt8] = []
    while true {
      guard let byte = try nextByte(until: deadline) else { throw Self.notReady(line) }
      if byte != UInt8(ascii: "\n") {
        line.append(byte)
      } else if let words = ReadyFields(String(decoding: line, as: UTF8.self)) {
        return words
      } else {
        line = []
      }
    }
  }

  /// Byte by byte, so that nothing behind the line is taken; it is one line of a child's life.
  private func nextByte(until deadline: Deadline) throws(DemoError) -> UInt8? {
    while !Poll.isReadable(output, within: 20) {
      if deadline.hasPassed { throw DemoError("process \(pid) was not ready in time") }
      try ScenarioHarness.checkSignals()
    }
    var byte: UInt8 = 0
    return unsafe read(output, &byte, 1) == 1 ? byte : nil
  }

  private static func notReady(_ line: [UInt8]) -> DemoError {
    let said = line.isEmpty ? "nothing" : "'\(String(decoding: line, as: UTF8.self))'"
    return DemoError("a part of the scenario ended before it was ready; it said \(said)")
  }

  /// Whether it has ended. It stays a zombie until `end`, so that its number is not given to
  /// another process.
  var hasEnded: Bool {
    var found = unsafe siginfo_t()
    let options = WEXITED | WNOHANG | WNOWAIT
    let result = unsafe waitid(P_PID, id_t(pid), &found, options)
    return unsafe result != 0 || found._sifields._sigchld.si_pid != 0
  }

  /// Asks it to end, and forces it at the deadline. A stopped process must be continued first.
  func end(until deadline: Deadline) {
    kill(pid, SIGTERM)
    kill(pid, SIGCONT)
    close(input)
    while !hasEnded {
      if deadline.hasPassed { kill(pid, SIGKILL) }
      Clock.sleep(0.002)
    }
    waitpid(pid, nil, 0)
    close(output)
  }
}

/// The `name=value` words of a line that begins with `ready`.
struct ReadyFields {
  private let values: [Substring: Substring]

  /// Nil when the line says something else.
  init?(_ line: String) {
    let words = line.split(separator: " ")
    guard words.first == "ready" else { return nil }
    let pairs = words.dropFirst().map { $0.split(separator: "=", maxSplits: 1) }
    values = Dictionary(
      pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
  }

  subscript(name: String) -> String? { values[Substring(name)].map(String.init) }

  func number<Number: FixedWidthInteger>(_ name: String) throws(DemoError) -> Number {
    guard let text = self[name], let number = Number(text) else {
      throw DemoError("a part of the scenario got ready without saying its \(name)")
    }
    return number
  }
}
