import ProcNet

/// A path through the wait graph, and where it ends.
struct WaitPath: Sendable {
  var links: [ChainLink]
  var end: WaitEnd

  /// Its end, or a lock or an accept queue on the way, keeps what stands before it.
  var isTrouble: Bool {
    end.isTrouble || asksAtTerminal
      || links.contains { $0.waitsFor?.kind == .lock || $0.waitsFor?.kind == .acceptQueue }
  }

  /// A child that asks a person while a server waits for it: no person sits at its terminal.
  private var asksAtTerminal: Bool {
    guard case .input = end else { return false }
    return links.contains { $0.waitsFor?.kind == .child }
  }
}

/// One step of a wait chain: a thread, what it does, and what it waits for.
public struct ChainLink: Sendable, Hashable {
  public var process: ProcessName
  public var thread: Int32?
  /// `recvfrom`, `running`, `stopped`; nil when it could not be seen.
  public var call: String?
  public var descriptor: Int32?
  /// Milliseconds for which it has been waiting; nil where that is not known.
  public var since: UInt64?
  public var waitsFor: Target?

  /// What is waited for.
  public struct Target: Sendable, Hashable {
    public var kind: Kind
    public var socket: SocketName?
    public var process: ProcessName?
    /// In words: `a lock at 0x7f…`.
    public var text: String
    /// The System V semaphore set, which all processes of the host share.
    var semaphoreSet: Int32?
    /// The address of a lock in memory that processes share: they have it from one parent, at the
    /// same address.
    var sharedAddress: UInt64?

    public enum Kind: String, Sendable, CaseIterable {
      case connection, acceptQueue = "accept-queue", lock, child, pipe, timer, processor, stopped
      case remote, disk, memory, output, input, unknown
    }

    public init(
      _ kind: Kind, _ text: String, socket: SocketName? = nil, process: ProcessName? = nil
    ) {
      self.kind = kind
      self.text = text
      self.socket = socket
      self.process = process
    }
  }

  public init(
    process: ProcessName, thread: Int32?, call: String?, descriptor: Int32? = nil,
    since: UInt64? = nil, waitsFor: Target? = nil
  ) {
    self.process = process
    self.thread = thread
    self.call = call
    self.descriptor = descriptor
    self.since = since
    self.waitsFor = waitsFor
  }
}

/// Where a wait chain ends: its root cause, as far as it can be seen.
enum WaitEnd: Sendable {
  /// A client on this host whose turn it is to send.
  case silent(Socket, ProcessName)
  /// A client on this host that does not read its answer.
  case notReading(Socket, ProcessName)
  /// A peer on another host, or in a namespace out of view.
  case remote(Socket, isClient: Bool)
  /// What was sent has not been acknowledged for a while: it may never have arrived.
  case unacknowledged(Socket)
  /// A handshake that is not answered.
  case connecting(Socket)
  /// A server on this host that could not be read, or of which nothing can be seen.
  case upstream(Socket, ProcessName)
  /// A server on this host whose only thread waits for the next connection instead of answering.
  case accepting(Socket, ObservedThread)
  case processor(ObservedThread)
  case timer(ObservedThread)
  case halted(ObservedThread)
  case disk(ObservedThread)
  case memory(ObservedThread)
  /// A call of the file system that does not return.
  case fileSystem(ObservedThread)
  /// The other end of a FIFO: no process has it open, or none writes to it.
  case fifo(ObservedThread)
  /// A write to a terminal, pipe or file that does not return.
  case output(ObservedThread)
  /// Input at a terminal: a person is to answer.
  case input(ObservedThread)
  case child(ProcessName?)
  /// A lock, and the process that has it where that is known.
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

  /// It says more than the step before it. What it waits for cannot be seen otherwise: it may be a
  /// server at rest.
  var isKnown: Bool {
    switch self {
    case .unknown, .idle: false
    default: true
    }
  }

  /// No idle server waits like this: what waits behind it cannot go on on its own.
  var isTrouble: Bool {
    switch self {
    // A name server answers at once, or not at all.
    case .remote(let row, false) where row.netid == .udp && row.peer.port == Self.nameServer: true
    // Who reads from a slow disk moves on.
    case .disk(let thread), .fileSystem(let thread): thread.isSteady != false
    case .fifo(let thread): thread.wait.opensFIFO
    case .halted, .memory, .output, .lock, .standby, .unacknowledged, .connecting: true
    case .notReading, .ownQueue, .cycle, .queue, .accepting: true
    case .silent, .remote, .upstream, .processor, .timer, .input, .child, .pipe: false
    case .idle, .unknown: false
    }
  }

  private static let nameServer: UInt16 = 53

  /// It occupies a thread or process, so that whatever else needs it waits.
  var isOccupied: Bool {
    switch self {
    case .processor, .timer, .child, .pipe, .silent, .disk, .fileSystem, .fifo, .input: true
    default: isTrouble
    }
  }
}
