import ProcNet

/// Which thread of a server owes the answer on one of its connections.
struct AnsweringThread {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// nil when its threads could not be seen, or none stands out.
  func thread(of server: ObservedProcess, for inode: UInt32) -> ObservedThread? {
    let threads = server.threads
    if threads.count == 1 { return threads.first }
    if server.isHalted { return threads.first }
    if let direct = threads.first(where: { $0.wait.soleSocket?.inode == inode }) { return direct }
    if let loop = loop(server, inode) { return loop }
    let others = threads.filter { isCandidate($0, inode) }
    return others.max { rank($0) < rank($1) }
  }

  /// A loop that watches the connection: waiting in it, or busy elsewhere.
  private func loop(_ server: ObservedProcess, _ inode: UInt32) -> ObservedThread? {
    guard let epoll = server.watched[inode] else { return nil }
    if let waiting = server.threads.first(where: { $0.wait.epoll == epoll }) { return waiting }
    return server.threads.first { !IdleSleep.isIdle($0) }
  }

  /// Serves no other connection and is not idle.
  private func isCandidate(_ thread: ObservedThread, _ inode: UInt32) -> Bool {
    if IdleSleep.isIdle(thread) { return false }
    guard let socket = thread.wait.soleSocket else { return true }
    guard let row = host.table.socket(inode: socket.inode) else { return true }
    let isOfAnotherClient =
      row.netid.isUnix ? row.path != nil : host.table.listener(of: row) != nil
    return row.state != .listen && (!isOfAnotherClient || row.inode == inode)
  }

  private func rank(_ thread: ObservedThread) -> Int {
    switch thread.wait.kind {
    case .lock, .fileLock: 5
    case .receive, .send, .connect, .any: 4
    case .running: 3
    case .timer, .child, .disk: 2
    default: 0
    }
  }
}
