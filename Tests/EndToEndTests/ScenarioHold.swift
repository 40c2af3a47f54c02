import Foundation

/// A scenario that `sockinspect demo NAME --hold` has made and keeps for us.
final class ScenarioHold {
  let ready: ScenarioReady
  let timeToReady: Duration
  /// Tells our processes from everybody else's: the children inherit it.
  let mark = "SITUATION_MARK=\(UUID().uuidString)"
  private let process: ChildProcess
  private let errors: OpenFile
  /// Its closing is the end of input.
  private var input: OpenFile?

  /// The scenario cannot be shown here, for this reason.
  struct Skipped: Error { var why: String }
  struct NotReady: Error { var said: String }

  init(_ name: String) throws {
    let (inputEnd, input) = try OpenFile.pipe()
    let (output, outputEnd) = try OpenFile.pipe()
    (self.input, errors) = (input, try OpenFile.temporary())
    let parts = mark.split(separator: "=").map(String.init)
    process = try ChildProcess(
      [Product.sockinspect, "demo", name, "--hold"], environment: [parts[0]: parts[1]],
      input: inputEnd.number, output: outputEnd.number, errors: errors.number)
    let begin = ContinuousClock.now
    let line = Self.line(from: output)
    timeToReady = .now - begin
    if line.hasPrefix("skip \(name): ") { throw Skipped(why: line) }
    guard line.hasPrefix("ready "),
      let ready = try? JSONDecoder().decode(
        ScenarioReady.self, from: Data(line.dropFirst("ready ".count).utf8))
    else {
      throw NotReady(said: line + String(decoding: errors.contents(), as: UTF8.self))
    }
    self.ready = ready
  }

  deinit { process.end() }

  /// The line that it must print within 10 s on a machine with nothing else to do
  /// (`timeToReady`); a busy one gets as long as it takes.
  private static func line(from file: OpenFile) -> String {
    let deadline = ContinuousClock.now + .seconds(60)
    var line: [UInt8] = []
    while !line.contains(UInt8(ascii: "\n")), .now < deadline,
      let piece = file.piece(within: deadline - .now)
    { line += piece }
    return String(decoding: line, as: UTF8.self)
  }

  var harness: Int32 { process.number }
  var said: String { String(decoding: errors.contents(), as: UTF8.self) }

  /// Ends it that way and waits until it is gone; answers how it ended.
  func end(_ way: ScenarioEnd) -> Shutdown {
    switch way {
    case .endOfInput: input = nil
    case .terminate: kill(process.number, SIGTERM)
    case .kill: kill(process.number, SIGKILL)
    }
    return process.waitForEnd(until: .now + .seconds(60))
  }
}

/// How a held scenario ends.
enum ScenarioEnd: CaseIterable, CustomStringConvertible {
  case endOfInput, terminate, kill

  var expected: Shutdown { self == .kill ? .killed(signal: SIGKILL) : .exited(0) }

  var description: String {
    switch self {
    case .endOfInput: "end of input"
    case .terminate: "SIGTERM"
    case .kill: "SIGKILL"
    }
  }
}

/// What stands behind `ready`.
struct ScenarioReady: Decodable {
  struct Server: Decodable {
    var pid: Int32
    var netid: String
    var address: String?
    var port: Int?
    var path: String?
  }

  var scenario: String
  var expects: [String]
  var allows: [String]
  var pids: [Int32]
  var netid: String
  var address: String?
  var port: Int?
  var path: String?
  var servers: [Server]
  /// A process in the scenario's own network namespace.
  var netns: Int32?
  var note: String?
  /// What to give to `diagnose`.
  var target: String
}
