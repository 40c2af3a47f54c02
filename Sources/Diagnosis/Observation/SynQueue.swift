import ProcNet

/// The half-open connections of a listener, and what the kernel did about them meanwhile.
struct SynQueue {
  let length: Int
  /// The same at the first sample.
  private let lengthBefore: Int
  /// nil where neither the listener's limit nor the settings are known.
  let limit: Int64?
  /// 0 off, 1 when the queue is full, 2 always; nil where it is not known.
  let cookies: Int64?
  /// Counted in the namespace since the first sample; nil where it is not known.
  let cookiesSent: Int64?
  let requestDrops: Int64?
  let listenDrops: Int64?
  private let acceptQueueHasRoom: Bool

  init(_ listener: ObservedListener, _ host: HostObservation) {
    let namespace = listener.socket.namespace
    func rise(_ name: String) -> Int64? {
      guard host.span != nil else { return nil }
      return host.last.counters.rise(
        of: "TcpExt", name, since: host.first.counters, in: namespace)
    }
    let settings = host.settings[namespace]
    length = listener.handshakes
    lengthBefore = host.first.census.handshakes[SocketCounts.Port(listener.socket)] ?? 0
    let cookies = settings?.synCookies
    self.cookies = cookies
    cookiesSent = rise("SyncookiesSent")
    requestDrops = rise("TCPReqQFullDrop")
    listenDrops = rise("ListenDrops")
    // Without cookies the kernel reserves a quarter of the host-wide limit for peers that it knows.
    // With cookies that limit does not apply.
    let host = cookies == 0 ? settings?.mostSynBacklog.map { $0 - $0 / 4 } : nil
    limit = [listener.limit.map(Int64.init), host].compactMap { $0 }.min()
    acceptQueueHasRoom = !listener.isFullNow
  }

  /// Per cent of the limit at which rising counters are blamed on this listener: under a flood the
  /// queue is full, and only requests that end at this moment make room.
  static let share: Int64 = 75

  private var isCrowded: Bool {
    guard let limit, length > 0 else { return false }
    return Int64(length) *| 100 >= limit *| Self.share
  }

  /// The kernel answered with cookies since there was no room. With cookies 2 it always does.
  var usesCookies: Bool {
    guard acceptQueueHasRoom else { return false }
    return (isCrowded && cookies != 2 && (cookiesSent ?? 0) > 0) || (isOver && cookies != 0)
  }

  /// More handshakes wait than it has room for, in both samples: a state, whatever the counters do
  /// meanwhile.
  private var isOver: Bool {
    guard let limit else { return false }
    return Int64(length) > limit && Int64(lengthBefore) > limit
  }

  /// Requests were dropped because of the SYN queue, not because of the accept queue.
  var dropsRequests: Bool {
    guard isCrowded, acceptQueueHasRoom else { return false }
    return (requestDrops ?? 0) > 0 || (cookies == 0 && ((listenDrops ?? 0) > 0 || isOver))
  }

  var isUnderPressure: Bool { usesCookies || dropsRequests }
}
