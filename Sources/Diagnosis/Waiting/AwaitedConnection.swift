import ProcNet

/// Which of the sockets in a thread's wait is the one that it really waits for.
struct AwaitedConnection {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// The only one; of several in a poll or a loop the one connection to somewhere else that has not
  /// answered; nil when it waits for whatever comes.
  func socket(of thread: ObservedThread) -> AwaitedSocket? {
    if let sole = thread.wait.soleSocket, !isListener(sole) { return sole }
    guard thread.wait.sockets.count <= NextProcesses.mostSockets else { return nil }
    let outgoing = thread.wait.sockets.filter { !isListener($0) && isOutgoing($0) }
    return outgoing.first { isUnanswered($0) }
  }

  private func isListener(_ awaited: AwaitedSocket) -> Bool {
    host.table.socket(inode: awaited.inode)?.state == .listen
  }

  /// This host began it, and the other side is a server: what is asked of it is not answered yet.
  private func isOutgoing(_ awaited: AwaitedSocket) -> Bool {
    guard let row = host.table.socket(inode: awaited.inode) else { return false }
    if row.netid.isUnix {
      return row.path == nil && host.table.opposite(of: row)?.path != nil
    }
    return row.netid == .tcp && host.table.listener(of: row) == nil
  }

  /// It sent last and has heard nothing since, or is not even accepted.
  private func isUnanswered(_ awaited: AwaitedSocket) -> Bool {
    guard let row = host.table.socket(inode: awaited.inode) else { return false }
    if host.table.unixListener(keeping: row.inode) != nil { return true }
    if let other = host.table.opposite(of: row), host.table.isQueued(other) { return true }
    return host.isUnanswered(row.inode)
  }
}

extension HostObservation {
  /// The side that began this connection has sent something after it last heard anything.
  func isUnanswered(_ inode: UInt32) -> Bool {
    guard let tcp = metrics[inode], let sent = tcp[.lastDataSent],
      let received = tcp[.lastDataRecv],
      (tcp[.dataSegsOut] ?? 1) > 0
    else { return false }
    return sent < received
  }
}

/// For how long a connection has been silent.
enum WaitAge {
  /// Milliseconds since the last bytes came in, or went out for one that waits to send.
  static func of(_ awaited: AwaitedSocket, _ host: HostObservation) -> UInt64? {
    guard let tcp = host.metrics[awaited.inode] else { return nil }
    return awaited.forWriting && !awaited.forReading ? tcp[.lastDataSent] : tcp[.lastDataRecv]
  }
}
