import Foundation

/// A look at a scenario from outside: through ss, netstat, lsof and /proc, never through
/// sockinspect.
struct ScenarioLook {
  let ready: ScenarioReady

  var port: Int { ready.port ?? 0 }
  /// The server that the scenario is about.
  var server: ScenarioProcess { process(0) }
  func process(_ index: Int) -> ScenarioProcess { ScenarioProcess(pid: ready.servers[index].pid) }

  /// All processes of the scenario that sleep in such a call.
  func count(in call: ScenarioCall) -> Int {
    ready.pids.count { ScenarioProcess(pid: $0).threads(in: call) > 0 }
  }

  func run(_ words: String...) throws -> Outcome {
    let enter = ready.netns.map { ["nsenter", "-t", "\($0)", "-n"] } ?? []
    return try Program(words: enter + words).run()
  }

  /// Rows of `ss -tanp`, or of other letters, at either end of the scenario's port.
  func rows(_ letters: String = "-Htanp", port: Int? = nil) throws -> [ScenarioRow] {
    let port = ":\(port ?? self.port)"
    let ours = try run("ss", letters, "sport", "=", port, "or", "dport", "=", port)
    return ours.text.split(separator: "\n").compactMap { ScenarioRow($0) }
  }

  /// Rows on the server's side.
  func served(_ state: String, _ letters: String = "-Htanp") throws -> [ScenarioRow] {
    try rows(letters).filter { $0.state == state && $0.local.hasSuffix(":\(port)") }
  }

  /// Rows on the clients' side.
  func calling(_ state: String, _ letters: String = "-Htanp") throws -> [ScenarioRow] {
    try rows(letters).filter { $0.state == state && $0.peer.hasSuffix(":\(port)") }
  }

  /// Accept queue and limit of the listeners at the port or path.
  func queues() throws -> [ScenarioQueue] {
    if let path = ready.path {
      let ours = try run("ss", "-Hxln", "src", "unix:\(path)")
      return ours.text.split(separator: "\n").compactMap { line in
        let fields = line.split(separator: " ")
        return fields.count > 4
          ? ScenarioQueue(length: Int(fields[2]) ?? -1, limit: Int(fields[3]) ?? -1) : nil
      }
    }
    return try rows("-Htln").map { ScenarioQueue(length: $0.receiveQueue, limit: $0.sendQueue) }
  }

  /// Lines of lsof for a process that say so.
  func lsof(_ pid: Int32, _ word: String) throws -> Int {
    let ours = try run("lsof", "-nP", "-a", "-p", "\(pid)", "-i")
    return ours.text.split(separator: "\n").count { $0.contains(word) }
  }

  /// Lines of netstat at the port that say so.
  func netstat(_ word: String) throws -> Int {
    let ours = try run("netstat", "-tan")
    return ours.text.split(separator: "\n").count { $0.contains(":\(port) ") && $0.contains(word) }
  }
}

struct ScenarioQueue: Equatable {
  var length, limit: Int
}

/// `State Recv-Q Send-Q Local Peer users`.
struct ScenarioRow {
  var state: String
  var receiveQueue, sendQueue: Int
  var local, peer: String
  var rest: String

  init?(_ line: Substring) {
    let fields = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    guard fields.count >= 5, let receive = Int(fields[1]), let send = Int(fields[2]) else {
      return nil
    }
    (state, receiveQueue, sendQueue, local, peer) = (fields[0], receive, send, fields[3], fields[4])
    rest = fields[5...].joined(separator: " ")
  }

  func belongs(to pid: Int32) -> Bool { rest.contains("pid=\(pid),") }
  var hasOwner: Bool { rest.contains("pid=") }
}
