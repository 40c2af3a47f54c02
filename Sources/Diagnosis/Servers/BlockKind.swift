import ProcNet

/// What stops a server from accepting: it decides which finding names the server.
enum BlockKind: Sendable {
  /// Its processes are stopped, traced or frozen.
  case halted
  /// It has as many files open as it may.
  case descriptors
  /// It has taken the listener out of what it waits for, and waits for the clients it has.
  case paused
  /// The thread that accepts waits for a child.
  case child
  /// The loop that owns the listener is elsewhere.
  case loop
  /// Several workers, and each of them is busy.
  case workers
  /// One thread does it all, and is busy with something else.
  case single
  /// A thread would accept: the server is slow at most.
  case none
  /// Its threads could not be read.
  case hidden

  static func of(_ server: Server) -> BlockKind {
    if server.members.isEmpty { return .hidden }
    let living = server.members.filter { !$0.process.isHalted }
    if living.isEmpty { return .halted }
    if living.contains(where: { isOutOfDescriptors($0.process.snapshot) }) { return .descriptors }
    if living.contains(where: \.isReady) { return .none }
    if server.hasHiddenRelatives || living.allSatisfy({ $0.process.isOpaque }) {
      return .hidden
    }
    let blockers = living.flatMap(\.blockers)
    if blockers.isEmpty { return living.contains(where: \.awaitsClients) ? .paused : .none }
    if living.contains(where: \.isLoop) { return .loop }
    if blockers.contains(where: waitsForChild) || !server.handlers.isEmpty { return .child }
    return blockers.count > 1 || living.count > 1 ? .workers : .single
  }

  private static func waitsForChild(_ blocker: AcceptBlocker) -> Bool {
    blocker.thread.stays(.child)
  }

  static func isOutOfDescriptors(_ process: ProcessSnapshot) -> Bool {
    guard let open = process.openFiles, case .count(let limit)? = process.openFilesLimit else {
      return false
    }
    return open > 0 && UInt64(open) >= limit
  }
}
