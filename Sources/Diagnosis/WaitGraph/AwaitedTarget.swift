import ProcNet

/// Which of the sockets in a thread's wait is the one that it really waits for.
struct AwaitedTarget {
  let file: CaseFile

  init(_ file: CaseFile) { self.file = file }

  /// The only one; of several in a poll or a loop the one connection to somewhere else that has not
  /// answered; nil when it waits for whatever comes.
  func socket(of thread: ThreadCase) -> AwaitedSocket? {
    if let sole = thread.wait.soleSocket, !isListener(sole) { return sole }
    guard thread.wait.sockets.count <= WaitFrontier.mostSockets else { return nil }
    let outgoing = thread.wait.sockets.filter { !isListener($0) && isOutgoing($0) }
    return outgoing.first { isUnanswered($0) }
  }

  private func isListener(_ awaited: AwaitedSocket) -> Bool {
    file.table.socket(inode: awaited.inode)?.state == .listen
  }

  /// This host began it, and the other side is a server: what is asked of it is not answered yet.
  private func isOutgoing(_ awaited: AwaitedSocket) -> Bool {
    guard let row = file.table.socket(inode: awaited.inode) else { return false }
    if row.netid.isUnix {
      return row.path == nil && file.table.opposite(of: row)?.path != nil
    }
    return row.netid == .tcp && file.table.listener(of: row) == nil
  }

  /// It sent last and has heard nothing since, or is not even accepted.
  private func isUnanswered(_ awaited: AwaitedSocket) -> Bool {
    guard let row = file.table.socket(inode: awaited.inode) else { return false }
    if file.table.unixListener(keeping: row.inode) != nil { return true }
    if let other = file.table.opposite(of: row), file.table.isQueued(other) { return true }
    return file.isUnanswered(row.inode)
  }
}

extension CaseFile {
  /// The side that began this connection has sent something after it last heard anything.
  func isUnanswered(_ inode: UInt32) -> Bool {
    guard let tcp = metrics[inode], let sent = tcp[.lastDataSent],
      let received = tcp[.lastDataRecv],
      (tcp[.dataSegsOut] ?? 1) > 0
    else { return false }
    return sent < received
  }
}
