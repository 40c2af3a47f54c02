import ProcNet

/// Which servers have clients whose bytes they have not read over the whole interval.
struct Owed {
  let listeners: Set<UInt32>

  init(_ file: CaseFile) {
    var found: Set<UInt32> = []
    let stuck = file.persistent { socket in
      socket.inode != 0 && socket.state == .established && (socket.receiveQueue ?? 0) > 0
    }
    for (before, now) in stuck where Self.isTheSame(before, now, file) {
      if let listener = file.table.listener(of: now) { found.insert(listener.inode) }
    }
    listeners = found
  }

  /// The same bytes, not as many of the next request: nothing came in since the first look.
  private static func isTheSame(_ before: Socket, _ now: Socket, _ file: CaseFile) -> Bool {
    guard now.receiveQueue == before.receiveQueue, let span = file.span,
      let arrived = file.metrics[now.inode]?[.lastDataRecv]
    else { return false }
    return arrived >= span
  }
}
