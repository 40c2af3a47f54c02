import ProcNet

/// Sessions of a server with a process for each, as databases have them, that read a request and
/// then sleep on something that is not their client, while others of the same server wait for
/// theirs.
///
/// Locks between sessions live in memory that the kernel knows nothing of. What shows is this: who
/// has not answered for long, sleeps without looking at its client, and has not moved; and whose
/// client is silent in the meantime. It is a possibility and said as one.
struct Sessions {
  let listener: ObservedListener
  let waiting: [Session]
  /// Sessions that wait for their clients since before the first of the others began to wait; none
  /// when nobody could hold what they wait for.
  let holders: [Session]

  /// A process with one client.
  struct Session {
    var process: ObservedProcess
    var thread: ObservedThread
    var socket: Socket
    var descriptor: Int32
    /// Milliseconds since the client last sent something.
    var silent: UInt64
  }

  /// Milliseconds without an answer before anybody is asked why. Whoever computes or is served in
  /// turns moves within them; whoever does not is looked at, and has to stand still for as long
  /// again.
  static let patience: UInt64 = 1000

  /// Milliseconds by which the ages of two connections may seem to differ.
  private static let tick: UInt64 = 10

  static func find(in host: HostObservation) -> [Sessions] {
    host.listeners.filter { $0.socket.netid == .tcp }.compactMap { listener in
      let sessions = sessions(of: listener, host)
      let waiting = sessions.filter { isWaiting($0, host) }
      guard let first = waiting.map(\.silent).max() else { return nil }
      let holders = sessions.filter { isForClient($0) && $0.silent + tick >= first }
      return Sessions(listener: listener, waiting: waiting, holders: holders)
    }
  }

  private static func sessions(of listener: ObservedListener, _ host: HostObservation) -> [Session]
  {
    host.processes.values.sorted { $0.process < $1.process }.compactMap { process in
      guard process.threads.count == 1, let thread = process.threads.first else { return nil }
      let accepted = process.sockets.compactMap { inode, descriptor -> (Socket, Int32)? in
        guard let row = host.table.socket(inode: inode), row.state == .established,
          host.table.listener(of: row)?.inode == listener.socket.inode
        else { return nil }
        return (row, descriptor)
      }
      guard accepted.count == 1, let (row, descriptor) = accepted.first,
        let silent = host.metrics[row.inode]?[.lastDataRecv]
      else { return nil }
      return Session(
        process: process, thread: thread, socket: row, descriptor: descriptor, silent: silent)
    }
  }

  /// It has read a request, has not answered, does not listen to its client, and does not move.
  private static func isWaiting(_ session: Session, _ host: HostObservation) -> Bool {
    guard session.silent >= patience, host.isUnansweredRequest(session.socket.inode),
      session.thread.isSteady == true, !isForClient(session)
    else { return false }
    let wait = session.thread.wait
    switch wait.kind {
    case .lock: return true
    // Woken by another process, through a signal or an event; whoever waits for a socket or a pipe
    // waits for what is at its other end, and that is another story.
    case .any: return !wait.isBlind && wait.sockets.isEmpty && wait.others.contains(where: isWake)
    default: return false
    }
  }

  private static func isWake(_ other: AwaitedOther) -> Bool {
    guard case .other(let link) = other.target else { return false }
    return link == Array("anon_inode:[signalfd]".utf8) || link == Array("anon_inode:[eventfd]".utf8)
  }

  private static func isForClient(_ session: Session) -> Bool {
    session.thread.wait.sockets.contains {
      $0.inode == session.socket.inode && $0.forReading
    }
  }
}

extension HostObservation {
  /// The last thing on an accepted connection came from the client, and was read.
  func isUnansweredRequest(_ inode: UInt32) -> Bool {
    guard let tcp = metrics[inode] else { return false }
    return tcp.isUnansweredRequest
  }
}

extension TCPInfo {
  /// Something came in after the last that went out, or so shortly before that the kernel's clock,
  /// which ticks every 4 or 10 ms, does not tell the two apart.
  var isUnansweredRequest: Bool {
    guard let sent = self[.lastDataSent], let received = self[.lastDataRecv],
      (self[.dataSegsIn] ?? 0) > 0
    else { return false }
    return received <= sent + 10
  }
}

/// Which servers have clients whose bytes they have not read over the whole interval.
struct UnreadRequests {
  let listeners: Set<UInt32>

  init(_ host: HostObservation) {
    var found: Set<UInt32> = []
    let stuck = host.persistent { socket in
      socket.inode != 0 && socket.state == .established && (socket.receiveQueue ?? 0) > 0
    }
    for (before, now) in stuck where Self.isTheSame(before, now, host) {
      if let listener = host.table.listener(of: now) { found.insert(listener.inode) }
    }
    listeners = found
  }

  /// The same bytes, not as many of the next request: nothing came in since the first look.
  private static func isTheSame(_ before: Socket, _ now: Socket, _ host: HostObservation) -> Bool {
    guard now.receiveQueue == before.receiveQueue, let span = host.span,
      let arrived = host.metrics[now.inode]?[.lastDataRecv]
    else { return false }
    return arrived >= span
  }
}
