import ProcNet

/// What two samples of a host have in common that should have gone away between them.
struct Suspicion {
  /// Listeners whose queue does not drain, or that are full; by inode.
  var listeners: Set<UInt32> = []
  /// Connections that have an owner and did not move.
  var sockets: Set<UInt32> = []
  /// Processes that are stopped and may own a listener.
  var halted: [ProcStat] = []

  /// Accepted connections on which a request has not been answered for a while.
  var unanswered: Set<UInt32> = []

  var isEmpty: Bool { listeners.isEmpty && sockets.isEmpty && halted.isEmpty && unanswered.isEmpty }

  init(_ first: Sample, _ second: Sample, _ host: HostProcesses) {
    halted = host.stopped
    unanswered = second.unanswered
    let before = first.listenersByInode
    for listener in second.listeners {
      guard let old = before[listener.socket.inode] else { continue }
      if Self.isSuspicious(old, listener) { listeners.insert(listener.socket.inode) }
    }
    for (key, now) in second.notable where now.inode != 0 {
      guard let old = first.notable[key], Self.isStill(old, now) else { continue }
      sockets.insert(now.inode)
    }
    for (inode, now) in second.notableUnix {
      guard let old = first.notableUnix[inode], Self.isStill(old, now) else { continue }
      sockets.insert(inode)
    }
  }

  private static func isSuspicious(_ before: Listener, _ now: Listener) -> Bool {
    if before.socket.netid == .udp { return before.drops != now.drops }
    if before.drops != now.drops { return true }
    return (before.acceptQueue?.length ?? 0) > 0 && (now.acceptQueue?.length ?? 0) > 0
  }

  /// The same bytes, or more of them, wait at both ends of the interval.
  private static func isStill(_ before: Socket, _ now: Socket) -> Bool {
    guard before.state == now.state, before.inode == now.inode else { return false }
    if now.state == .closeWait || now.state == .synSent { return true }
    let received = (before.unread ?? 0, now.unread ?? 0)
    let sent = (before.unacknowledged ?? 0, now.unacknowledged ?? 0)
    return (received.0 > 0 && received.1 >= received.0) || (sent.0 > 0 && sent.1 >= sent.0)
  }
}
