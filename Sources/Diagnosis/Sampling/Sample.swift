import ProcNet

/// One reading of the sockets of a host: its listeners, the connections that stand out, and sums
/// over all others. Costs one dump, however many connections there are.
public struct Sample: Sendable {
  /// CLOCK_MONOTONIC, in milliseconds.
  public var time: UInt64
  public var listeners: [Listener] = []
  /// Connections that may be part of a trouble, by their ends.
  public var notable: [ConnectionKey: Socket] = [:]
  /// Notable unix sockets by inode.
  public var notableUnix: [UInt32: Socket] = [:]
  /// Accepted connections whose client has been waiting for an answer for a while, by inode.
  public var unanswered: Set<UInt32> = []
  /// Milliseconds that the oldest of them has been waiting.
  public var oldestUnanswered: UInt64 = 0
  public var census: SocketCounts
  public var counters: HostCounters
  public var gaps: [Gap] = []

  var listenersByInode: [UInt32: Listener] {
    Dictionary(listeners.map { ($0.socket.inode, $0) }, uniquingKeysWith: { one, _ in one })
  }

  /// More are not kept: that many have the same trouble.
  static let mostNotable = 100_000
  static let mostUnanswered = 100_000
  /// Milliseconds without an answer from which on a connection is examined: a server that computes,
  /// or serves in turns, moves within them.
  static let patience: UInt64 = 1000

  static func take(
    _ scope: SamplingScope, through kernel: any Kernel,
    settings: [UInt32: NetworkSettings], measuring: Bool = false
  ) throws(KernelError) -> Sample {
    var gaps: [Gap] = []
    let survey = ListenerSurvey.Scope(
      [.tcp, .udp, .unixStream, .unixSeqpacket], in: scope.places, from: scope.source,
      through: kernel)
    var listening = ListenerSurvey(survey, listsWaiting: false)
    try listening.findListeners(gaps: &gaps)
    let listeners = listening.concluded(gaps: &gaps)
    let ports = Set(
      listeners.filter { $0.socket.netid == .tcp }.map { SocketCounts.Port($0.socket) })
    let census = SocketCounts(listening: ports, ranges: settings.compactMapValues(\.localPorts))
    var look = Sample(
      time: kernel.steadyTime, listeners: listeners, census: census,
      counters: HostCounters(scope.places, through: kernel, gaps: &gaps), gaps: gaps)
    try look.sweep(scope, kernel, measuring: measuring)
    return look
  }

  private mutating func sweep(
    _ scope: SamplingScope, _ kernel: any Kernel, measuring: Bool
  ) throws(KernelError) {
    for place in scope.places {
      var found: [Gap] = []
      let tcp = SocketQuery(
        netids: .tcp, states: .connected, details: measuring ? .tcp : [], namespace: place)
      let unix = SocketQuery(
        netids: [.unixStream, .unixSeqpacket, .unixDatagram], states: .connected, namespace: place)
      for query in [tcp, unix] {
        try scope.source.list(query, through: kernel, gaps: &found) {
          (socket) throws(KernelError) in
          note(socket)
        }
      }
      gaps += found.filter { !gaps.contains($0) }
    }
  }

  private mutating func note(_ socket: borrowing Socket) {
    if socket.netid.isUnix {
      if (socket.unread ?? 0) > 0 || (socket.unacknowledged ?? 0) > 0 {
        notableUnix[socket.inode] = copy socket
      }
      return
    }
    census.count(socket)
    if let owing = unanswered(socket), unanswered.count < Self.mostUnanswered {
      unanswered.insert(socket.inode)
      oldestUnanswered = max(oldestUnanswered, owing)
    }
    if Self.isNotable(socket), notable.count < Self.mostNotable {
      var row = copy socket
      row.details = nil
      notable[ConnectionKey(socket)] = row
    }
  }

  /// A server read a request a while ago and has said nothing since. That alone is no fault: it may
  /// be a protocol in which only clients talk.
  private func unanswered(_ socket: borrowing Socket) -> UInt64? {
    guard socket.inode != 0, let talk = Conversation(socket), let owing = talk.owing,
      owing >= Self.patience
    else { return nil }
    return census.listening.contains(SocketCounts.Port(socket)) ? owing : nil
  }

  /// Queued, not closed, not read, not sent, not answered: all else is calm.
  private static func isNotable(_ socket: borrowing Socket) -> Bool {
    switch socket.state {
    case .synSent, .closeWait: return true
    case .timeWait, .synReceived, .newSynReceived: return false
    case .established:
      return socket.inode == 0 || (socket.unread ?? 0) > 0 || (socket.unacknowledged ?? 0) > 0
    default:
      return socket.inode != 0 && ((socket.unread ?? 0) > 0 || (socket.unacknowledged ?? 0) > 0)
    }
  }
}

/// When a diagnosis samples: a host with a pause between, or at the moments that a recording holds.
public struct SamplePair: Sendable {
  /// What answers for the first sample and for the second; the same on a live host.
  public var first: any Kernel
  public var second: any Kernel
  /// Milliseconds between the samples; nil when there is but one.
  public var interval: UInt64?
  /// Whether the kernel lets the time between them pass: a live host, or a recorded diagnosis,
  /// which goes on to its next moment instead.
  public var isLive: Bool

  /// A live host, or a recorded diagnosis that is repeated.
  public init(live kernel: any Kernel, interval: UInt64) {
    (first, second, self.interval, isLive) = (kernel, kernel, interval, true)
  }

  /// The moments of a recording; both the same, and no interval, where it holds only one.
  public init(recorded first: any Kernel, _ second: any Kernel, interval: UInt64?) {
    (self.first, self.second, self.interval, isLive) = (first, second, interval, false)
  }

  /// Lets the time between two samples pass.
  func wait() {
    if isLive, let interval { first.pause(milliseconds: interval) }
  }
}

/// What is sampled, and through what.
public struct SamplingScope {
  public var places: [NetworkNamespace]
  public var source: any SocketSource
  public var moments: SamplePair

  public init(places: [NetworkNamespace], source: any SocketSource, moments: SamplePair) {
    self.places = places
    self.source = source
    self.moments = moments
  }
}
