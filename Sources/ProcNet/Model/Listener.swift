/// A listening socket, with what waits at it and what became of those it let in.
public struct Listener: Sendable {
  /// The row in state LISTEN, with its memory (drops) and attributes where the source has them.
  public var socket: Socket
  public var acceptQueue: AcceptQueue
  /// Handshakes under way; nil for kinds of sockets that have none.
  public var synQueue: Int?
  /// Accepted connections by state.
  public var connections: [SocketState: Int] = [:]
  /// The connections that wait, longest first; empty unless the roll call was asked for.
  public var waiting: [WaitingConnection] = []
  /// How many sockets listen on this very address (`SO_REUSEPORT` shards), this one included. What
  /// waits cannot be told apart by shard, so it is counted with the first of them.
  public var shards = 1
  /// Which of the shards this is, from 0.
  public var shard = 0

  public init(socket: Socket) {
    self.socket = socket
    acceptQueue = AcceptQueue(
      length: socket.receiveQueue, limit: socket.sendQueue,
      unixWaiting: socket.details?.waiting?.count)
    synQueue = socket.netid == .tcp ? 0 : nil
  }

  /// Packets and connections dropped at this socket since it began; every retry of a client
  /// counts again.
  public var drops: UInt32? { socket.details?.drops }
}

/// The accept queue of a listener: finished handshakes that nobody has accepted.
public struct AcceptQueue: Sendable, Hashable {
  /// Connections in it, those included that have no row any more (reset while they waited).
  public var length: UInt32?
  /// The kernel lets in one more than this; nil where the source does not tell.
  public var limit: UInt32?
  /// Milliseconds that they have been waiting: longest, median, and the age that nine in ten have
  /// not reached. nil where nobody waits or ages are not known.
  public var oldest: UInt32?
  public var median: UInt32?
  public var ninetieth: UInt32?
  /// Waiting connections whose client has hung up: the server will serve a ghost.
  public var abandoned = 0
  /// Bytes that waiting clients have sent already.
  public var unreadBytes: UInt64 = 0

  init(length: UInt32?, limit: UInt32?, unixWaiting: Int?) {
    self.length = length ?? unixWaiting.map { UInt32(clamping: $0) }
    self.limit = limit
  }

  /// More wait than the limit says: the kernel refuses newcomers. nil when the limit is unknown.
  public var isFull: Bool? {
    guard let length, let limit else { return nil }
    return length > limit
  }

  mutating func setAges(_ sorted: [UInt32]) {
    guard let last = sorted.last else { return }
    oldest = last
    median = sorted[(sorted.count - 1) / 2]
    ninetieth = sorted[min(sorted.count - 1, sorted.count * 9 / 10)]
  }
}

/// One connection in an accept queue.
public struct WaitingConnection: Sendable {
  public var socket: Socket
  /// Milliseconds since its handshake ended; nil where the source does not tell.
  public var age: UInt32?
  /// The client has hung up already.
  public var isAbandoned: Bool { socket.state == .closeWait }
}
