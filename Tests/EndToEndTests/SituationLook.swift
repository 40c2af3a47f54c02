import Foundation

/// A look at a situation from outside: through ss, netstat, lsof and /proc, never through
/// sockinspect.
struct SituationLook {
  let ready: SituationReady

  var port: Int { ready.port ?? 0 }
  /// The server that the situation is about.
  var server: SituationProcess { process(0) }
  func process(_ index: Int) -> SituationProcess { SituationProcess(pid: ready.servers[index].pid) }

  /// All processes of the situation that sleep in such a call.
  func count(in call: SituationCall) -> Int {
    ready.pids.count { SituationProcess(pid: $0).threads(in: call) > 0 }
  }

  func run(_ words: String...) throws -> Outcome {
    let enter = ready.netns.map { ["nsenter", "-t", "\($0)", "-n"] } ?? []
    return try Program(words: enter + words).run()
  }

  /// Rows of `ss -tanp`, or of other letters, at either end of the situation's port.
  func rows(_ letters: String = "-Htanp", port: Int? = nil) throws -> [SituationRow] {
    let port = ":\(port ?? self.port)"
    let ours = try run("ss", letters, "sport", "=", port, "or", "dport", "=", port)
    return ours.text.split(separator: "\n").compactMap { SituationRow($0) }
  }

  /// Rows on the server's side.
  func served(_ state: String, _ letters: String = "-Htanp") throws -> [SituationRow] {
    try rows(letters).filter { $0.state == state && $0.local.hasSuffix(":\(port)") }
  }

  /// Rows on the clients' side.
  func calling(_ state: String, _ letters: String = "-Htanp") throws -> [SituationRow] {
    try rows(letters).filter { $0.state == state && $0.peer.hasSuffix(":\(port)") }
  }

  /// Accept queue and limit of the listeners at the port or path.
  func queues() throws -> [SituationQueue] {
    if let path = ready.path {
      let ours = try run("ss", "-Hxln", "src", "unix:\(path)")
      return ours.text.split(separator: "\n").compactMap { line in
        let fields = line.split(separator: " ")
        return fields.count > 4
          ? SituationQueue(length: Int(fields[2]) ?? -1, limit: Int(fields[3]) ?? -1) : nil
      }
    }
    return try rows("-Htln").map { SituationQueue(length: $0.receiveQueue, limit: $0.sendQueue) }
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

struct SituationQueue: Equatable {
  var length, limit: Int
}

/// `State Recv-Q Send-Q Local Peer users`.
struct SituationRow {
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
