/// A listening socket, with what waits at it and what became of those it let in.
public struct Listener: Sendable {
  /// The row in state LISTEN (UDP: not connected), with its memory and attributes where the source
  /// has them.
  public var socket: Socket
  /// nil for UDP, which has nothing to accept.
  public var acceptQueue: AcceptQueue?
  /// Handshakes under way; nil for kinds of sockets that have none, and where shards hide whose
  /// they are.
  public var synQueue: Int?
  /// Accepted connections by state; nil where that cannot be told.
  public var connections: [SocketState: Int]?
  /// How many of them have bytes that the program has left unread for `longUnread` or longer, as
  /// far as the source tells.
  public var leftUnread = 0
  /// The connections that wait, longest first; empty unless they were asked for.
  public var waiting: [WaitingConnection] = []
  /// unix, with those: who is blocked in connect() because the queue is full.
  public var blocked: [Owner] = []
  /// How many sockets listen on this very address (`SO_REUSEPORT` shards), this one included.
  public var shards = 1
  /// Which of the shards this is, from 0.
  public var shard = 0

  /// Milliseconds: a program that reads requests at all has read them by then.
  static let longUnread: UInt64 = 5000

  /// A listener of which only its row is known; a survey fills in the rest.
  public init(socket: Socket) {
    self.socket = socket
    if socket.netid == .udp { return }
    acceptQueue = AcceptQueue(of: socket)
    guard socket.netid == .tcp else { return }
    synQueue = 0
    connections = [:]
    acceptQueue?.abandoned = 0
    acceptQueue?.unreadBytes = 0
  }

  /// Packets and connections dropped at this socket since it began; every retry of a client
  /// counts again. nil for unix listeners, which drop nothing.
  public var drops: UInt32? { socket.netid.isUnix ? nil : socket.details?.drops }

  /// How much of the room is taken: of the accept queue; of UDP, of the memory for what was not
  /// read. nil where the source does not tell.
  public var fill: Share? {
    if let acceptQueue { return acceptQueue.fill }
    guard let memory = socket.details?.memory else { return nil }
    return Share(memory.receiveAllocated, of: UInt64(memory.receiveLimit))
  }
}

/// What the shards of one listener (`SO_REUSEPORT`) have in common, and no other listener has.
public struct ShardAddress: Hashable, Sendable {
  private let netid: Netid
  private let family: AddressFamily
  private let namespace: UInt32
  private let interface: UInt32
  /// What they are bound to.
  public let local: Endpoint

  /// That of a row in state LISTEN.
  public init(of socket: borrowing Socket) {
    (netid, family, local) = (socket.netid, socket.family, socket.local)
    (namespace, interface) = (socket.namespace, socket.interface)
  }
}

/// The accept queue of a listener: finished handshakes that nobody has accepted.
public struct AcceptQueue: Sendable, Hashable {
  /// Connections in it, those included that have no row any more (reset while they waited).
  public var length: UInt32?
  /// The kernel lets in one more than this; nil where the source does not tell.
  public var limit: UInt32?
  /// Milliseconds that the longest of them has been waiting; nil where nobody waits or ages are not
  /// known.
  public var oldest: UInt32?
  /// The age in the middle of those waiting, likewise.
  public var median: UInt32?
  /// The age that nine in ten of those waiting have not reached, likewise.
  public var ninetieth: UInt32?
  /// Waiting connections whose client has hung up: the server will serve a ghost. nil where that
  /// cannot be told.
  public var abandoned: Int?
  /// Bytes that waiting clients have sent already, likewise.
  public var unreadBytes: UInt64?

  /// The queue of a row in state LISTEN; nil for other rows.
  public init?(of socket: borrowing Socket) {
    guard case .accept(let waiting, let limit) = socket.queues else { return nil }
    length = waiting ?? socket.details?.waiting.map { UInt32(clamping: $0.count) }
    self.limit = limit
  }

  /// With a limit that is not known.
  init(length: UInt32? = nil) { self.length = length }

  /// More wait than the limit says: the kernel refuses newcomers. nil when the limit is unknown.
  public var isFull: Bool? {
    guard let length, let limit else { return nil }
    return length > limit
  }

  /// How much of the room is taken, which is for one connection more than the limit: of a full
  /// queue, all. nil when the limit is unknown.
  public var fill: Share? {
    guard let length, let limit else { return nil }
    return Self.fill(length, of: limit)
  }

  /// The same of any length and limit.
  public static func fill(_ length: UInt32, of limit: UInt32) -> Share {
    Share(length, ofAtLeastOne: UInt64(limit) + 1)
  }

  mutating func setAges(_ sorted: [UInt32]) {
    guard let last = sorted.last else { return }
    oldest = last
    median = sorted[(sorted.count - 1) / 2]
    ninetieth = sorted[min(sorted.count - 1, sorted.count * 9 / 10)]
  }

  /// Takes over what is known of the connections that wait, but not the length.
  mutating func takeWaiting(of other: AcceptQueue) {
    oldest = other.oldest
    median = other.median
    ninetieth = other.ninetieth
    abandoned = other.abandoned
    unreadBytes = other.unreadBytes
  }

  /// What waits cannot be told.
  mutating func forgetWaiting() {
    takeWaiting(of: AcceptQueue())
  }
}

/// A part of what fits, of connections or bytes.
public struct Share: Sendable, Hashable {
  /// What is taken.
  public let part: UInt64
  /// Not 0.
  public let whole: UInt64

  /// nil of nothing.
  public init?(_ part: UInt32, of whole: UInt64) {
    guard whole > 0 else { return nil }
    self.init(part, ofAtLeastOne: whole)
  }

  fileprivate init(_ part: UInt32, ofAtLeastOne whole: UInt64) {
    (self.part, self.whole) = (UInt64(part), whole)
  }

  /// Rounded up, so that little is not nothing.
  public var thousandths: UInt64 { (part * 1000 + whole - 1) / whole }
  /// Rounded down.
  public var percent: UInt64 { part * 100 / whole }
}

/// One connection in an accept queue.
public struct WaitingConnection: Sendable {
  /// The row of the server's end, which no process has yet.
  public var socket: Socket
  /// Milliseconds since its handshake ended; nil where the source does not tell.
  public var age: UInt32?
  /// Inode of the client's socket when the client is on this host.
  public var clientInode: UInt32?
  /// The client has hung up already.
  public var isAbandoned: Bool { socket.state == .closeWait }

  /// Bytes that the client has sent; the end of one that hung up counts as one byte of the
  /// receive queue.
  public var unreadBytes: UInt32? {
    socket.unread.map { isAbandoned && $0 > 0 ? $0 - 1 : $0 }
  }
}
