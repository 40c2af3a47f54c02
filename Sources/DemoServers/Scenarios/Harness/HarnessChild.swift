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
    let input = try Self.pipe()
    let output = try Self.pipe()
    defer {
      close(input.reader)
      close(output.writer)
    }
    (self.input, self.output) = (input.writer, output.reader)
    pid = try SelfSpawner.start(
      words, inherited: inherited, input: input.reader, output: output.writer, errors: errors)
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
    var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    while unsafe Glibc.poll(&waiting, 1, 20) <= 0 {
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

  /// Whether it has ended. It stays a zombie until `end`, so that its number is nobody else's.
  var hasEnded: Bool {
    var found = unsafe siginfo_t()
    let options = WEXITED | WNOHANG | WNOWAIT
    let result = unsafe waitid(P_PID, id_t(pid), &found, options)
    return unsafe result != 0 || found._sifields._sigchld.si_pid != 0
  }

  /// Asks it to end, and forces it at the deadline. One that is stopped has to be woken to hear.
  func end(until deadline: Deadline) {
    kill(pid, SIGTERM)
    kill(pid, SIGCONT)
    close(input)
    while !hasEnded {
      if deadline.hasPassed { kill(pid, SIGKILL) }
      Deadline.pause(2)
    }
    waitpid(pid, nil, 0)
    close(output)
  }
}

extension HarnessChild {
  private static func pipe() throws(DemoError) -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe Glibc.pipe(&ends) == 0 else { throw .system("make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}
