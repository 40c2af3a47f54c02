import ProcNet

/// All listeners at one moment, as far as they were looked at.
struct ListenersSample {
  /// Of the steady clock, in milliseconds, and since 1970.
  var moment: UInt64 = 0
  var time: UInt64 = 0
  var rows: [ListenRow] = []
  var gaps: [Gap] = []
  /// How old the figures are that come from connections: ages, who hung up, accepted, SYN queue.
  /// nil when they were never counted, or need not be.
  var countAge: UInt64?
  /// How old is what is known of owners.
  var ownerAge: UInt64?

  func row(_ key: ListenerKey) -> ListenRow? { rows.first { $0.listener.key == key } }
}

extension Listener {
  /// Takes over what was counted at an earlier look; what has no meaning any more is left behind.
  mutating func takeCounts(of earlier: Listener?) {
    guard socket.netid == .tcp else { return }
    connections = earlier?.connections
    synQueue = earlier?.synQueue
    guard acceptQueue?.length != 0 else { return }
    acceptQueue?.oldest = earlier?.acceptQueue?.oldest
    acceptQueue?.median = earlier?.acceptQueue?.median
    acceptQueue?.ninetieth = earlier?.acceptQueue?.ninetieth
    acceptQueue?.abandoned = earlier?.acceptQueue?.abandoned
    acceptQueue?.unreadBytes = earlier?.acceptQueue?.unreadBytes
  }
}
