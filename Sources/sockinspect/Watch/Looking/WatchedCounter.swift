/// A counter of the kernel that tells of queues, drops or retransmissions.
struct WatchedCounter: Sendable {
  let group: String
  let name: String
  /// What makes it rise, in a few words.
  let meaning: String
  /// Something was lost or refused: worth a mark when it rises.
  let isLoss: Bool

  private init(_ group: String, _ name: String, _ meaning: String, loss: Bool = false) {
    self.group = group
    self.name = name
    self.meaning = meaning
    isLoss = loss
  }

  static let all: [WatchedCounter] = arrivals + acceptQueue + losses + retransmissions + datagrams

  private static let arrivals = [
    WatchedCounter("Tcp", "PassiveOpens", "connections that came in"),
    WatchedCounter("Tcp", "ActiveOpens", "connections begun from here"),
    WatchedCounter("Tcp", "AttemptFails", "handshakes that failed"),
    WatchedCounter("Tcp", "EstabResets", "connections that ended with a reset"),
    WatchedCounter("Tcp", "OutRsts", "resets sent"),
  ]

  private static let acceptQueue = [
    WatchedCounter(
      "TcpExt", "ListenOverflows", "accept queue full, each try of a client", loss: true),
    WatchedCounter(
      "TcpExt", "ListenDrops", "dropped at listeners, for that or other reasons", loss: true),
    WatchedCounter("TcpExt", "TCPReqQFullDrop", "SYN queue full: SYN dropped", loss: true),
    WatchedCounter("TcpExt", "TCPReqQFullDoCookies", "SYN queue full: SYN cookie sent"),
    WatchedCounter("TcpExt", "SyncookiesSent", "SYN cookies sent"),
    WatchedCounter(
      "TcpExt", "TCPDeferAcceptDrop", "ACKs without data at deferring listeners"),
  ]

  private static let losses = [
    WatchedCounter("TcpExt", "TCPBacklogDrop", "socket busy and its backlog full", loss: true),
    WatchedCounter("TcpExt", "TCPRcvQDrop", "receive queue full", loss: true),
    WatchedCounter("TcpExt", "TCPZeroWindowDrop", "data sent into a closed window", loss: true),
    WatchedCounter("TcpExt", "PruneCalled", "receive buffer full: tidied up"),
    WatchedCounter("TcpExt", "RcvPruned", "receive buffer full: data dropped", loss: true),
    WatchedCounter("TcpExt", "TCPAbortOnMemory", "connections given up for memory", loss: true),
    WatchedCounter("TcpExt", "TCPAbortOnTimeout", "connections given up, no answer", loss: true),
    WatchedCounter("TcpExt", "TCPTimeWaitOverflow", "no room for TIME-WAIT", loss: true),
  ]

  private static let retransmissions = [
    WatchedCounter("Tcp", "RetransSegs", "segments sent again"),
    WatchedCounter("TcpExt", "TCPTimeouts", "retransmission timers that expired"),
    WatchedCounter("TcpExt", "TCPSynRetrans", "SYN and SYN-ACK sent again"),
    WatchedCounter("TcpExt", "TCPFastRetrans", "sent again before the timer"),
    WatchedCounter("TcpExt", "TCPLostRetransmit", "lost once more when sent again"),
    WatchedCounter("TcpExt", "TCPSpuriousRTOs", "timers that expired too early"),
  ]

  private static let datagrams = [
    WatchedCounter("Udp", "RcvbufErrors", "UDP receive buffer full", loss: true),
    WatchedCounter("Udp", "SndbufErrors", "UDP send buffer full", loss: true),
    WatchedCounter("Udp", "NoPorts", "UDP to a port where nobody listens"),
  ]
}
