import ProcNet

/// A listener in all looks.
public struct ListenerCase: Sendable {
  /// As it was at the last look; what waits is called by name where anything does.
  public var listener: Listener
  /// How many waited at each look.
  public var lengths: [UInt32]
  /// Of those that waited at the first look: how many still do, and how many were taken since.
  public var stillWaiting = 0
  public var taken = 0
  /// Whether single connections can be told apart: not for unix listeners, nor when none has a row.
  public var knowsWaiting = false
  /// Drops between the first look and the last; nil where they are not counted.
  public var newDrops: UInt32?
  /// Half-open connections at the last look.
  public var handshakes = 0
  public var owners: [Owner] = []
  /// Who may hold it, where nobody is seen to; nil when all holders may be seen.
  public var unseen: UnseenHolder?
  /// Milliseconds between first and last look; nil when there was but one.
  public var span: UInt64?

  public init(_ listener: Listener) {
    self.listener = listener
    lengths = [listener.acceptQueue?.length ?? 0]
  }

  public var socket: Socket { listener.socket }
  public var name: SocketName { SocketName(listener.socket) }
  public var length: UInt32 { lengths.last ?? 0 }
  public var limit: UInt32? { listener.acceptQueue?.limit }
  /// At every look.
  public var isFull: Bool {
    guard let limit else { return false }
    return lengths.allSatisfy { $0 > limit }
  }
  public var isFullNow: Bool { limit.map { length > $0 } ?? false }

  /// Something waited at every look, and what waited first waits still: the queue does not drain.
  public var isStuck: Bool {
    guard lengths.allSatisfy({ $0 > 0 }) else { return false }
    if span == nil { return (listener.acceptQueue?.oldest ?? 0) >= Self.patience }
    return knowsWaiting ? stillWaiting > 0 : true
  }

  /// Nothing was accepted between the looks.
  public var standsStill: Bool { isStuck && taken == 0 }

  /// Milliseconds that a connection may wait before a single look calls it stuck: a burst on a
  /// busy host is over sooner.
  public static let patience: UInt32 = 1000
}
