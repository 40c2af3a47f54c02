import ProcNet

/// Which servers have clients whose bytes they have not read over the whole interval.
struct Owed {
  let listeners: Set<UInt32>

  init(_ file: CaseFile) {
    var found: Set<UInt32> = []
    let stuck = file.persistent { socket in
      socket.inode != 0 && socket.state == .established && (socket.receiveQueue ?? 0) > 0
    }
    for (before, now) in stuck where (now.receiveQueue ?? 0) >= (before.receiveQueue ?? 0) {
      if let listener = file.table.listener(of: now) { found.insert(listener.inode) }
    }
    listeners = found
  }
}
