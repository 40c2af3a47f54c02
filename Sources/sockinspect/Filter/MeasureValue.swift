import ProcNet

/// Looks up a measure of a socket; nil when it has none or nobody knows it.
extension NumericField {
  /// The single value of a measure; nil also for `pid` and `peer_pid`, of which a socket can have
  /// several.
  func value(of socket: borrowing Socket, _ surroundings: any SocketContext) -> Quantity? {
    switch self {
    case .receiveQueue: socket.receiveQueue.map { Quantity(UInt64($0)) }
    case .sendQueue: socket.sendQueue.map { Quantity(UInt64($0)) }
    case .fill: Self.fill(socket)
    case .age: Self.age(socket, surroundings)
    case .idle: Self.idle(socket)
    case .drops: socket.details?.drops.map { Quantity(UInt64($0)) }
    case .uid: socket.uid.map { Quantity(UInt64($0)) }
    case .inode: Quantity(UInt64(socket.inode))
    case .namespace: Quantity(UInt64(socket.namespace))
    case .field(let field): Self.field(field, socket)
    case .pid, .peerPid: nil
    }
  }

  /// Thousandths of a per cent of the accept queue's limit. A limit of 0 lets one connection wait,
  /// so it counts as 1.
  private static func fill(_ socket: borrowing Socket) -> Quantity? {
    guard socket.state == .listen, let length = socket.receiveQueue, let limit = socket.sendQueue
    else { return nil }
    return Quantity(UInt64(length) * 100_000, over: UInt64(max(limit, 1)))
  }

  /// How long a connection has waited for accept: it has never sent, so the time since it last
  /// sent is the time since its handshake.
  private static func age(
    _ socket: borrowing Socket, _ surroundings: any SocketContext
  ) -> Quantity? {
    guard let waited = field(.lastDataSent, socket), surroundings.ownership(of: socket) == .queued
    else { return nil }
    return waited
  }

  private static func idle(_ socket: borrowing Socket) -> Quantity? {
    guard let sent = field(.lastDataSent, socket), let received = field(.lastDataRecv, socket)
    else { return nil }
    return min(sent, received)
  }

  /// A field in base units. A listener's fields mean other things or nothing, times of a socket
  /// that is still connecting are leftovers, and a round trip that was not yet measured is stored
  /// as 0 or as the largest number.
  private static func field(_ field: TCPInfoField, _ socket: borrowing Socket) -> Quantity? {
    guard socket.state != .listen, let value = socket.details?.tcp?[field] else { return nil }
    if field == .rtt || field == .rcvRtt, value == 0 { return nil }
    if field == .minRtt, value == 0 || value == 0xFFFF_FFFF { return nil }
    if field.unit != .milliseconds { return Quantity(value) }
    return socket.state == .synSent ? nil : Quantity(value * 1000)
  }
}
