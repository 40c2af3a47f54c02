/// One socket as the kernel describes it: one row of a listing.
///
/// `nil` means that the source does not say; 0 means that it says zero. The struct is plain
/// numbers except for a unix path and the details, so that a listing of 200,000 rows makes no
/// heap allocation per row; details exist only when they were asked for.
public struct Socket: Sendable {
  public var netid: Netid
  public var family: AddressFamily
  public var state: SocketState

  /// What waits at it; of a listener connections, of others bytes.
  public var queues: SocketQueues

  /// Internet sockets: own and other end. Raw: the port is the IP protocol.
  public var local: Endpoint = .anyV4
  public var peer: Endpoint = .anyV4
  /// An IPv6 wildcard listener that takes IPv4 too, or not (`IPV6_V6ONLY`).
  public var isV6Only: Bool?

  /// unix: the bound name; begins with a zero byte when abstract. nil when unbound.
  public var path: [UInt8]?
  /// unix: inode of the other end; nil when there is none or the source does not say.
  public var peerInode: UInt32?

  /// Packet: ethernet protocol number in host order (`ETH_P_*`).
  public var packetProtocol: UInt16?

  /// Interface the socket is bound to (`idiag_if`); 0 = any.
  public var interface: UInt32 = 0
  /// Inode of the socket file; 0 for sockets that no descriptor holds.
  public var inode: UInt32 = 0
  public var uid: UInt32?
  /// The kernel's own number of the socket, unique as long as the host runs.
  public var cookie: UInt64?
  public var timer: SocketTimer?
  /// Inode of the network namespace the socket was listed in.
  public var namespace: UInt32 = 0
  public var details: SocketDetails?

  public init(netid: Netid, family: AddressFamily, state: SocketState) {
    self.netid = netid
    self.family = family
    self.state = state
    queues = SocketQueues(of: state, nil, nil)
  }

  /// Bytes that have arrived and that the program has not read; of UDP and packet sockets, memory.
  /// nil of a listener.
  public var unread: UInt32? {
    guard case .data(let unread, _) = queues else { return nil }
    return unread
  }

  /// Bytes that the program has written and the peer has not acknowledged. nil of a listener.
  public var unacknowledged: UInt32? {
    guard case .data(_, let unacknowledged) = queues else { return nil }
    return unacknowledged
  }

  /// A field of `tcp_info`; nil when the kernel does not say, and when it says nothing by it: of a
  /// listener most are 0.
  public func tcpInfo(_ field: TCPInfoField) -> UInt64? {
    if state == .listen, !TCPInfoField.ofListeners.contains(field) { return nil }
    return details?.tcp?[field]
  }
}

/// The two numbers that the kernel has for the queues of a socket (`idiag_rqueue` and
/// `idiag_wqueue`, `udiag_rqueue` and `udiag_wqueue`, `rx_queue` and `tx_queue`), by their meaning.
public enum SocketQueues: Sendable, Hashable {
  /// A listener: complete connections that wait for accept(2), and the limit of the accept queue.
  /// `/proc` never has the limit.
  case accept(waiting: UInt32?, limit: UInt32?)
  /// Any other socket: bytes not read by the program, and bytes not acknowledged by the peer.
  case data(unread: UInt32?, unacknowledged: UInt32?)

  /// The numbers of a row, in the kernel's order.
  public init(of state: SocketState, _ recvQ: UInt32?, _ sendQ: UInt32?) {
    self =
      state == .listen
      ? .accept(waiting: recvQ, limit: sendQ) : .data(unread: recvQ, unacknowledged: sendQ)
  }

  /// The first number, which listings call Recv-Q.
  public var recvQ: UInt32? {
    switch self {
    case .accept(let number, _), .data(let number, _): number
    }
  }

  /// The second number, Send-Q.
  public var sendQ: UInt32? {
    switch self {
    case .accept(_, let number), .data(_, let number): number
    }
  }
}

/// The timer that runs on a TCP socket.
public struct SocketTimer: Sendable, Hashable {
  /// `idiag_timer`: 1 retransmission, 2 keepalive, 3 TIME-WAIT, 4 window probe, 5 delayed ACK.
  public var kind: UInt8
  /// Milliseconds until it fires.
  public var expires: UInt32
  /// How often it has fired without progress.
  public var retransmits: UInt8

  public init(kind: UInt8, expires: UInt32, retransmits: UInt8) {
    self.kind = kind
    self.expires = expires
    self.retransmits = retransmits
  }

  /// ss's word for the kind.
  public var name: StaticString {
    switch kind {
    case 0: "off"
    case 1: "on"
    case 2: "keepalive"
    case 3: "timewait"
    case 4: "persist"
    case 5: "delack"
    default: "unknown"
    }
  }
}

/// Whom a socket belongs to at the moment: why a row has owners, or why it has none.
public enum Ownership: String, Sendable, Hashable, CaseIterable {
  /// A socket file exists, so some process (or the kernel) holds it.
  case held
  /// TCP: the handshake is done and the connection waits in an accept queue.
  case queued
  /// TCP: the handshake is under way at a listener (the SYN queue).
  case handshake = "syn-recv"
  /// TCP: all is over; the kernel keeps the pair of ports for a minute.
  case timeWait = "time-wait"
  /// TCP: the program has closed it, the kernel still finishes the connection.
  case orphan
  /// No socket file, and neither state nor listener tells why.
  case unknown
}

/// A process that holds a descriptor of a socket.
public struct Owner: Sendable, Hashable {
  public var process: Int32
  public var descriptor: Int32
  /// The process's `comm`, up to 15 bytes of anything.
  public var command: [UInt8]

  public init(process: Int32, descriptor: Int32, command: [UInt8]) {
    self.process = process
    self.descriptor = descriptor
    self.command = command
  }
}
