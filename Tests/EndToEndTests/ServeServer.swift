import Foundation
import Testing

/// A demo server of the built program, which ends with its value, and its children with it.
final class DemoServer {
  /// Its process id, as it says itself.
  let pid: pid_t
  /// Of a unix listener: 0.
  let port: UInt16
  /// The words of its first line.
  let ready: [String: String]
  private let process: ChildProcess
  private let output: OpenFile
  private let errors: OpenFile
  private var unread: [UInt8] = []

  struct NotReady: Error { var said: String }

  /// - Parameter words: what stands behind `serve`.
  convenience init(_ words: String...) throws {
    try self.init(running: [Product.sockinspect, "serve"] + words)
  }

  init(running words: [String]) throws {
    let (output, outputEnd) = try OpenFile.pipe()
    let errors = try OpenFile.temporary()
    (self.output, self.errors) = (output, errors)
    process = try ChildProcess(words, output: outputEnd.number, errors: errors.number)
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n"), let piece = output.piece() { line += piece }
    let text = String(decoding: line.prefix { $0 != 0x0A }, as: UTF8.self)
    unread = Array(line.drop { $0 != 0x0A }.dropFirst())
    let pairs = text.split(separator: " ").dropFirst().map { $0.split(separator: "=") }
    ready = Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) })
    guard text.hasPrefix("ready "), let pid = ready["pid"].flatMap(pid_t.init) else {
      throw NotReady(said: text + String(decoding: errors.contents(), as: UTF8.self))
    }
    self.pid = pid
    port = ready["port"].flatMap(UInt16.init) ?? 0
  }

  deinit { process.end() }

  /// The next line of standard output; nil at its end, or when none came in time.
  func line(within deadline: Duration = .seconds(60)) -> String? {
    while !unread.contains(0x0A) {
      guard let piece = output.piece(within: deadline) else { return nil }
      unread += piece
    }
    let line = unread.prefix { $0 != 0x0A }
    unread.removeFirst(line.count + 1)
    return String(decoding: line, as: UTF8.self)
  }

  /// What it has said on standard error.
  var troubles: String { String(decoding: errors.contents(), as: UTF8.self) }

  func end(_ signal: Int32 = SIGTERM) -> Shutdown {
    kill(pid, signal)
    return waitForEnd()
  }

  func waitForEnd() -> Shutdown { process.waitForEnd(until: .now + .seconds(60)) }

  var children: [pid_t] { ProcessTable.children(of: pid) }

  func client() throws -> DemoClient { try DemoClient(port: port) }

  /// Lengths of its listeners' accept queues with their limits, as ss sees them.
  func queues() throws -> [String] {
    let ss = try Program(words: ["ss", "-Hltn", "sport = :\(port)"]).run()
    return ss.text.split(separator: "\n").map {
      $0.split(separator: " ")[1...2].joined(separator: " of ")
    }
  }
}

/// What /proc says of processes.
enum ProcessTable {
  static func children(of parent: pid_t) -> [pid_t] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap(pid_t.init).filter { stat($0)?.parent == parent }.sorted()
  }

  static func parent(of pid: pid_t) -> pid_t? { stat(pid)?.parent }

  /// Zombies are not alive: whoever has to reap them may be slow.
  static func isAlive(_ pid: pid_t) -> Bool {
    guard let state = stat(pid)?.state else { return false }
    return state != "Z" && state != "X"
  }

  static func threads(_ pid: pid_t) -> [String] {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
    return tasks.compactMap { name("/proc/\(pid)/task/\($0)") }.sorted()
  }

  static func name(_ pid: pid_t) -> String? { name("/proc/\(pid)") }

  /// Clock ticks of processor time.
  static func ticks(_ pid: pid_t) -> Int {
    let fields = stat(pid)?.rest ?? []
    return (Int(fields[safe: 11] ?? "") ?? 0) + (Int(fields[safe: 12] ?? "") ?? 0)
  }

  private static func name(_ folder: String) -> String? {
    try? String(contentsOfFile: folder + "/comm", encoding: .utf8)
      .trimmingCharacters(in: .newlines)
  }

  /// `12 (a name) S 1 …`; names may hold anything, so we count from the last parenthesis.
  private static func stat(_ pid: pid_t) -> (state: String, parent: pid_t, rest: [String])? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[end...].dropFirst(2).split(separator: " ").map(String.init)
    guard fields.count > 12, let parent = pid_t(fields[1]) else { return nil }
    return (fields[0], parent, fields)
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}

/// Waits until something is so; fails the test when it is not in time.
func eventually(
  _ what: String, within deadline: Duration = .seconds(60),
  sourceLocation: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool
) rethrows {
  let end = ContinuousClock.now + deadline
  while ContinuousClock.now < end {
    if try condition() { return }
    usleep(5000)
  }
  Issue.record("not within \(deadline): \(what)", sourceLocation: sourceLocation)
}
