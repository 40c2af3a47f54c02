import ProcNet

/// One end of a TCP connection and whose turn it is, from its row and its `tcp_info`.
///
/// Unix sockets have no ages, so they have no conversation: what both samples show of them counts.
public struct Conversation: Sendable, Hashable {
  public let turn: Turn
  /// Milliseconds since this end last sent data, and last received some. Both count from the
  /// handshake where there was none.
  public let sent: UInt64
  public let received: UInt64
  /// The peer has closed its side: it waits for nothing any more, or for a last answer.
  public let isHalfClosed: Bool

  public enum Turn: Sendable, Hashable {
    /// It never carried data.
    case quiet
    /// The last data came from the peer and was read: this end is to answer.
    case ours
    /// The last data went to the peer and was acknowledged: the peer is to answer.
    case theirs
    /// Both within one tick of the kernel's clock: the order is not known.
    case either
    /// Data has arrived that was not read.
    case unread
    /// Data was written that the peer has not acknowledged, or not taken.
    case unsent
    /// Data has only ever gone one way, in many pieces: a log, a feed.
    case oneWay
  }

  /// Milliseconds within which the kernel's clock (4 or 10 ms a tick) may confuse the order.
  static let tick: UInt64 = 10
  /// Data segments in one direction, and none in the other, from which on it is a stream.
  private static let streamSegments: UInt64 = 64

  /// nil for rows that are not open in both directions, and without `tcp_info`.
  init?(_ socket: borrowing Socket) {
    guard socket.netid == .tcp, socket.state == .established || socket.state == .closeWait,
      let tcp = socket.details?.tcp, let sent = tcp[.lastDataSent],
      let received = tcp[.lastDataRecv]
    else { return nil }
    (self.sent, self.received) = (sent, received)
    isHalfClosed = socket.state == .closeWait
    // The end of the peer's data counts as one unread byte.
    let unread = (socket.unread ?? 0) > (isHalfClosed ? 1 : 0)
    if unread {
      turn = .unread
    } else if (socket.unacknowledged ?? 0) > 0 {
      turn = .unsent
    } else {
      turn = Self.turn(tcp, sent: sent, received: received)
    }
  }

  private static func turn(_ tcp: TCPInfo, sent: UInt64, received: UInt64) -> Turn {
    let (came, went) = (tcp[.dataSegsIn], tcp[.dataSegsOut])
    switch (came, went) {
    case (0?, 0?): return .quiet
    case (let came?, 0?): return came >= streamSegments ? .oneWay : .ours
    case (0?, let went?): return went >= streamSegments ? .oneWay : .theirs
    default: break
    }
    if max(sent, received) - min(sent, received) <= tick { return .either }
    return received < sent ? .ours : .theirs
  }

  /// Milliseconds since the last data, in whichever direction.
  public var idle: UInt64 { min(sent, received) }

  /// Milliseconds for which this end may owe an answer; nil when it is not its turn. A peer that
  /// closed its side after an exchange within one tick has most likely got its answer.
  public var owing: UInt64? {
    turn == .ours || (turn == .either && !isHalfClosed) ? received : nil
  }

  /// Milliseconds for which the peer may owe an answer; nil when it is not the peer's turn.
  public var asking: UInt64? { turn == .theirs || turn == .either ? sent : nil }
}
