import ProcNet

/// Where a chain of waiting ends: what is really the matter.
enum WaitEnd: Sendable {
  /// A client on this host that owes the next bytes.
  case silent(Socket, ProcessName)
  /// A client on this host that does not read its answer.
  case notReading(Socket, ProcessName)
  /// Somebody on another host, or in a namespace out of view.
  case remote(Socket, isClient: Bool)
  /// A server on this host that could not be looked into, or that shows nothing.
  case upstream(Socket, ProcessName)
  case processor(ThreadCase)
  case timer(ThreadCase)
  case halted(ThreadCase)
  case disk(ThreadCase)
  case child(ProcessName?)
  /// A lock, and who holds it where that is known.
  case lock(ProcessName?)
  /// The process at the other end of a pipe.
  case pipe(ProcessName)
  /// It waits in its own accept queue.
  case ownQueue(SocketName, ProcessName)
  /// Everybody in the ring waits for the next one.
  case cycle([ProcessName])
  /// The accept queue of a server that could not be explained.
  case queue(SocketName)
  /// A thread with nothing to do.
  case idle(ThreadCase)
  case unknown

  /// It says more than the step before it.
  var isKnown: Bool {
    switch self {
    case .unknown, .idle: false
    default: true
    }
  }
}
