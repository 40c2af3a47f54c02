/// The columns that the rows of `/proc/net/{tcp,tcp6,udp,udp6,raw,raw6}` have in common:
///
///     sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
struct ProcNetInternetRow {
  var local: Endpoint
  var peer: Endpoint
  /// `sk_state`.
  var state: SocketState
  var sendQ: UInt32
  var recvQ: UInt32
  var timer: Timer
  /// `icsk_retransmits`; `num_timeout` of a connection request.
  var retransmits: UInt32
  var uid: UInt32
  /// `icsk_probes_out`: unanswered window probes or keepalives. The column is called `timeout`.
  var probes: UInt32
  var inode: UInt32

  /// `tr` and `tm->when`.
  struct Timer {
    var kind: UInt8
    /// In ticks of `USER_HZ`, 100 a second on every architecture.
    var ticks: UInt64
  }

  /// Reads the columns and stops behind the inode, before the columns in which the files differ.
  init?(_ fields: inout FieldReader, _ family: AddressFamily) {
    guard fields.skipRowNumber(),
      let local = fields.endpoint(family), let peer = fields.endpoint(family),
      let state = fields.hexadecimalColumn(most: 2),
      let queues = fields.queues(), let timer = fields.timer(),
      let retransmits = fields.hexadecimalColumn(most: 8),
      let uid = fields.decimalColumn(), let probes = fields.decimalColumn(),
      // More columns follow. Without the space the number may have been cut off.
      let inode = fields.decimalColumn(), fields.isAtSpace
    else { return nil }
    self.local = local
    self.peer = peer
    self.state = SocketState(rawValue: UInt8(truncatingIfNeeded: state))
    (sendQ, recvQ) = queues
    self.timer = timer
    self.retransmits = UInt32(truncatingIfNeeded: retransmits)
    (self.uid, self.probes, self.inode) = (uid, probes, inode)
  }

  /// The socket with everything that means the same in all the files.
  func socket(_ netid: Netid, _ family: AddressFamily) -> Socket {
    var socket = Socket(netid: netid, family: family, state: state)
    socket.queues = SocketQueues(of: state, recvQ, sendQ)
    socket.local = local
    socket.peer = peer
    socket.inode = inode
    socket.uid = uid
    return socket
  }
}

extension FieldReader {
  /// `  12:`, the number of the row or of the hash slot.
  fileprivate mutating func skipRowNumber() -> Bool {
    skipSpaces()
    return decimal() != nil && skip(":")
  }

  /// `0100007F:1F90`: an address as host-order words of 32 bits, and a port.
  fileprivate mutating func endpoint(_ family: AddressFamily) -> Endpoint? {
    skipSpaces()
    guard let address = family == .inet6 ? addressV6() : addressV4(), skip(":"),
      let port = hexadecimal(most: 4)
    else { return nil }
    return Endpoint(address: address, port: UInt16(truncatingIfNeeded: port))
  }

  private mutating func addressV4() -> IPAddress? {
    guard let word = hexadecimal(most: 8) else { return nil }
    return IPAddress(v4: Self.inNetworkOrder(word))
  }

  private mutating func addressV6() -> IPAddress? {
    guard let high = halfAddress(), let low = halfAddress() else { return nil }
    return IPAddress(v6High: high, low: low)
  }

  /// Two words of exactly eight digits without anything between them.
  private mutating func halfAddress() -> UInt64? {
    guard let first = word(), let second = word() else { return nil }
    return UInt64(Self.inNetworkOrder(first)) << 32 | UInt64(Self.inNetworkOrder(second))
  }

  /// The kernel prints the bytes of an address as if they were a number of the host.
  private static func inNetworkOrder(_ word: UInt64) -> UInt32 {
    UInt32(bigEndian: UInt32(truncatingIfNeeded: word))
  }

  /// `tx_queue:rx_queue`.
  fileprivate mutating func queues() -> (send: UInt32, receive: UInt32)? {
    guard let send = hexadecimalColumn(most: 8), skip(":"), let receive = hexadecimal(most: 8)
    else { return nil }
    return (UInt32(truncatingIfNeeded: send), UInt32(truncatingIfNeeded: receive))
  }

  /// `tr:tm->when`; the time is a `long`, eight digits or more.
  fileprivate mutating func timer() -> ProcNetInternetRow.Timer? {
    guard let kind = hexadecimalColumn(most: 2), skip(":"), let ticks = hexadecimal(most: 16)
    else { return nil }
    return .init(kind: UInt8(truncatingIfNeeded: kind), ticks: ticks)
  }
}

/// Recognising the line of column titles.
extension Span<UInt8> {
  /// Whether this is `  sl  local_address …`.
  var isInternetHeader: Bool {
    var fields = FieldReader(self)
    fields.skipSpaces()
    return fields.skip(word: "sl ")
  }
}
