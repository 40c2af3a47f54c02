import ProcNet

/// Where a chain of waiting ends: its root cause, as far as it shows.
enum WaitEnd: Sendable {
  /// A client on this host that owes the next bytes.
  case silent(Socket, ProcessName)
  /// A client on this host that does not read its answer.
  case notReading(Socket, ProcessName)
  /// A peer on another host, or in a namespace out of view.
  case remote(Socket, isClient: Bool)
  /// What was sent has not been acknowledged for a while: it may never have arrived.
  case unacknowledged(Socket)
  /// A handshake that is not answered.
  case connecting(Socket)
  /// A server on this host that could not be looked into, or that shows nothing.
  case upstream(Socket, ProcessName)
  case processor(ObservedThread)
  case timer(ObservedThread)
  case halted(ObservedThread)
  case disk(ObservedThread)
  /// A call of the file system that does not return.
  case fileSystem(ObservedThread)
  /// A write to a terminal, pipe or file that does not return.
  case output(ObservedThread)
  case child(ProcessName?)
  /// A lock, and who holds it where that is known.
  case lock(ProcessName?)
  /// A database session that waits for a standby server to confirm.
  case standby(ProcessName)
  /// The process at the other end of a pipe.
  case pipe(ProcessName)
  /// It waits in its own accept queue.
  case ownQueue(SocketName, ProcessName)
  /// Every process in the ring waits for the next one.
  case cycle([ProcessName])
  /// The accept queue of a server that could not be explained.
  case queue(SocketName)
  /// A thread with nothing to do.
  case idle(ObservedThread)
  case unknown

  /// It says more than the step before it.
  var isKnown: Bool {
    switch self {
    case .unknown, .idle: false
    default: true
    }
  }

  /// Nobody waits like this without being kept: what stands behind it cannot go on by itself.
  var isTrouble: Bool {
    switch self {
    // A name server answers at once, or not at all.
    case .remote(let row, false) where row.netid == .udp && row.peer.port == Self.nameServer: true
    case .halted, .disk, .fileSystem, .output, .lock, .standby, .unacknowledged, .connecting: true
    case .notReading, .ownQueue, .cycle, .queue: true
    case .silent, .remote, .upstream, .processor, .timer, .child, .pipe, .idle, .unknown: false
    }
  }

  private static let nameServer: UInt16 = 53

  /// It occupies a thread or process, so that whatever else needs it waits.
  var isOccupied: Bool {
    switch self {
    case .processor, .timer, .child, .pipe, .silent: true
    default: isTrouble
    }
  }
}

/// A way through the wait graph, and where it ends.
struct WaitPath: Sendable {
  var links: [ChainLink]
  var end: WaitEnd

  /// Its end, or a lock or an accept queue on the way, keeps what stands before it.
  var isTrouble: Bool {
    end.isTrouble
      || links.contains { $0.waitsFor?.kind == .lock || $0.waitsFor?.kind == .acceptQueue }
  }
}

extension WaitEnd {
  /// Nothing of what it waits for shows: a server at rest.
  var isRest: Bool {
    switch self {
    case .idle, .unknown: true
    default: false
    }
  }
}
