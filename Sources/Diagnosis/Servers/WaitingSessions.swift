import ProcNet

/// Sessions of a server with a process for each, as databases have them, that read a request and
/// then sleep on something that is not their client, while others of the same server wait for
/// theirs.
///
/// Locks between sessions live in memory that the kernel knows nothing of. What shows is this: who
/// has not answered for long, sleeps without looking at its client, and has not moved; and whose
/// client is silent in the meantime. It is a possibility and said as one.
struct WaitingSessions {
  let listener: ListenerCase
  let waiting: [Session]
  /// Sessions that wait for their clients since before the first of the others began to wait; none
  /// when nobody could hold what they wait for.
  let holders: [Session]

  /// A process with one client.
  struct Session {
    var process: ProcessCase
    var thread: ThreadCase
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

  static func find(in file: CaseFile) -> [WaitingSessions] {
    file.listeners.filter { $0.socket.netid == .tcp }.compactMap { listener in
      let sessions = sessions(of: listener, file)
      let waiting = sessions.filter { isWaiting($0, file) }
      guard let first = waiting.map(\.silent).max() else { return nil }
      let holders = sessions.filter { isForClient($0) && $0.silent + tick >= first }
      return WaitingSessions(listener: listener, waiting: waiting, holders: holders)
    }
  }

  private static func sessions(of listener: ListenerCase, _ file: CaseFile) -> [Session] {
    file.processes.values.sorted { $0.process < $1.process }.compactMap { process in
      guard process.threads.count == 1, let thread = process.threads.first else { return nil }
      let accepted = process.sockets.compactMap { inode, descriptor -> (Socket, Int32)? in
        guard let row = file.table.socket(inode: inode), row.state == .established,
          file.table.listener(of: row)?.inode == listener.socket.inode
        else { return nil }
        return (row, descriptor)
      }
      guard accepted.count == 1, let (row, descriptor) = accepted.first,
        let silent = file.metrics[row.inode]?[.lastDataRecv]
      else { return nil }
      return Session(
        process: process, thread: thread, socket: row, descriptor: descriptor, silent: silent)
    }
  }

  /// It has read a request, has not answered, does not listen to its client, and does not move.
  private static func isWaiting(_ session: Session, _ file: CaseFile) -> Bool {
    guard session.silent >= patience, file.isUnansweredRequest(session.socket.inode),
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
    other.target == .signal || other.target == .event
  }

  private static func isForClient(_ session: Session) -> Bool {
    session.thread.wait.sockets.contains {
      $0.inode == session.socket.inode && $0.forReading
    }
  }
}

extension CaseFile {
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
