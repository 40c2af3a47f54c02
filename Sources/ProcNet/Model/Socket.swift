/// One socket as the kernel describes it: one row of a listing.
///
/// `nil` means that the source does not say; 0 means that it says zero. The struct is plain
/// numbers except for a unix path and the details, so that a listing of 200,000 rows makes no
/// heap allocation per row; details exist only when they were asked for.
public struct Socket: Sendable {
  /// What kind of socket it is; with `family` it tells the table that the row is from.
  public var netid: Netid
  /// The address family (`idiag_family`): a dual-stack socket is `inet6`.
  public var family: AddressFamily
  /// The state as the source says it (`idiag_state`); the states of TCP serve all kinds.
  public var state: SocketState

  /// What waits at it; of a listener connections, of others bytes.
  public var queues: SocketQueues

  /// The own end of an internet socket. Raw: the port is the IP protocol.
  public var local: Endpoint = .anyV4
  /// The other end of an internet socket; address and port 0 when it is not connected.
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
  /// The user that the socket belongs to (`idiag_uid`); nil when the source does not know.
  public var uid: UInt32?
  /// The kernel's own number of the socket, unique as long as the host runs.
  public var cookie: UInt64?
  /// The timer that runs, of kind 0 when none does; nil where the source has no timers.
  public var timer: SocketTimer?
  /// Inode of the network namespace the socket was listed in.
  public var namespace: UInt32 = 0
  /// What was asked for beyond the row; nil when nothing was, or the source has nothing.
  public var details: SocketDetails?

  /// A row with nothing in it but its kind; the other fields are set one by one.
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

/// The kind of a socket: the first column of a listing.
///
/// The order is that of the tables in a listing, the same as ss's.
public enum Netid: UInt8, Sendable, CaseIterable {
  /// `AF_PACKET`, `SOCK_RAW`: packets come with their link header.
  case packetRaw
  /// `AF_PACKET`, `SOCK_DGRAM`: packets come without it.
  case packetDatagram
  /// `AF_UNIX`, `SOCK_STREAM`.
  case unixStream
  /// `AF_UNIX`, `SOCK_DGRAM`.
  case unixDatagram
  /// `AF_UNIX`, `SOCK_SEQPACKET`.
  case unixSeqpacket
  /// Raw IPv4 or IPv6; the local port is the IP protocol.
  case raw
  /// UDP over IPv4 or IPv6.
  case udp
  /// TCP over IPv4 or IPv6.
  case tcp

  /// The short name that ss prints.
  public var name: String {
    switch self {
    case .packetRaw: "p_raw"
    case .packetDatagram: "p_dgr"
    case .unixStream: "u_str"
    case .unixDatagram: "u_dgr"
    case .unixSeqpacket: "u_seq"
    case .raw: "raw"
    case .udp: "udp"
    case .tcp: "tcp"
    }
  }

  /// Stream, datagram or seqpacket of the unix family.
  public var isUnix: Bool {
    self == .unixStream || self == .unixDatagram || self == .unixSeqpacket
  }
  var isPacket: Bool { self == .packetRaw || self == .packetDatagram }
  /// TCP, UDP or raw, over IPv4 or IPv6.
  public var isInternet: Bool { self == .tcp || self == .udp || self == .raw }
}

/// The address family of a socket, with the kernel's number (`AF_*`).
public enum AddressFamily: UInt8, Sendable, CaseIterable {
  /// `AF_UNIX`.
  case unix = 1
  /// `AF_INET`: IPv4.
  case inet = 2
  /// `AF_INET6`: IPv6, and IPv4 over a dual-stack socket.
  case inet6 = 10
  /// `AF_PACKET`.
  case packet = 17

  /// The word that ss and the filter language use.
  public var name: String {
    switch self {
    case .unix: "unix"
    case .inet: "inet"
    case .inet6: "inet6"
    case .packet: "link"
    }
  }
}

/// The state of a socket, with the kernel's number (`TCP_ESTABLISHED` … in `net/tcp_states.h`).
///
/// All families use TCP's numbers: an unconnected UDP socket is `close`. A number that this
/// program does not know is kept and shown as `state 13`.
public struct SocketState: RawRepresentable, Sendable, Hashable {
  /// The kernel's number (`sk_state`).
  public let rawValue: UInt8
  /// Any number, also one that has no name here.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `TCP_ESTABLISHED`: connected, both ends may send.
  public static let established = SocketState(rawValue: 1)
  /// `TCP_SYN_SENT`: asked to connect, no answer yet.
  public static let synSent = SocketState(rawValue: 2)
  /// `TCP_SYN_RECV`: a handshake under way at a listener.
  public static let synReceived = SocketState(rawValue: 3)
  /// `TCP_FIN_WAIT1`: closed here, the peer has not acknowledged it.
  public static let finWait1 = SocketState(rawValue: 4)
  /// `TCP_FIN_WAIT2`: closed here and acknowledged, the peer has not closed.
  public static let finWait2 = SocketState(rawValue: 5)
  /// `TCP_TIME_WAIT`: both ends have closed; the pair of ports is kept for a minute.
  public static let timeWait = SocketState(rawValue: 6)
  /// `TCP_CLOSE`: not connected; the state of every UDP socket that is not.
  public static let close = SocketState(rawValue: 7)
  /// `TCP_CLOSE_WAIT`: the peer has closed, the program here has not.
  public static let closeWait = SocketState(rawValue: 8)
  /// `TCP_LAST_ACK`: closed here after the peer had, not acknowledged yet.
  public static let lastAck = SocketState(rawValue: 9)
  /// `TCP_LISTEN`: takes connections; of unix sockets as well.
  public static let listen = SocketState(rawValue: 10)
  /// `TCP_CLOSING`: both ends closed at the same time, not acknowledged yet.
  public static let closing = SocketState(rawValue: 11)
  /// `TCP_NEW_SYN_RECV`: a connection request; dumps show it as `synReceived`.
  public static let newSynReceived = SocketState(rawValue: 12)
  /// `TCP_BOUND_INACTIVE`: bound, neither listening nor connected (dumped since Linux 6.8, where
  /// it is asked for; the kernel's rows then say `close`).
  public static let boundInactive = SocketState(rawValue: 13)

  /// Known states in the kernel's order.
  public static let known: [SocketState] = (1...13).map { SocketState(rawValue: $0) }

  private static let names: [StaticString] = [
    "UNKNOWN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
    "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING", "SYN-RECV", "BOUND",
  ]

  /// The name on the screen, ss's; nil for a number that is not known.
  public var knownName: StaticString? {
    rawValue > 0 && rawValue < Self.names.count ? Self.names[Int(rawValue)] : nil
  }

  /// The name on the screen, or `state N`.
  public var name: String { knownName.map(\.description) ?? "state \(rawValue)" }
}

/// The timer that runs on a TCP socket.
public struct SocketTimer: Sendable, Hashable {
  /// `idiag_timer`: 1 retransmission, 2 keepalive, 3 TIME-WAIT, 4 window probe, 5 delayed ACK.
  public var kind: UInt8
  /// Milliseconds until it fires.
  public var expires: UInt32
  /// How often it has fired without progress.
  public var retransmits: UInt8

  /// The three parts of `idiag_timer`, `idiag_expires` and `idiag_retrans`.
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
  /// The process's number in the pid namespace of the `/proc` that was read.
  public var process: Int32
  /// The number of the descriptor in that process.
  public var descriptor: Int32
  /// The process's `comm`, up to 15 bytes of anything.
  public var command: [UInt8]

  /// One descriptor of one process.
  public init(process: Int32, descriptor: Int32, command: [UInt8]) {
    self.process = process
    self.descriptor = descriptor
    self.command = command
  }
}
