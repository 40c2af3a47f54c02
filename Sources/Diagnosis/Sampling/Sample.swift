import ProcNet

/// One look at the sockets of a host: its listeners, the connections that stand out, and sums over
/// all others. Costs one dump without details, however many connections there are.
public struct Sample: Sendable {
  /// Milliseconds of a clock that nobody sets.
  public var time: UInt64
  public var listeners: [Listener] = []
  /// Connections that may be part of a trouble, by their ends.
  public var notable: [ConnectionKey: Socket] = [:]
  /// Notable unix sockets by inode.
  public var notableUnix: [UInt32: Socket] = [:]
  /// Accepted connections whose client has long been waiting for an answer, by inode.
  public var unanswered: [UInt32: SocketCounts.Port] = [:]
  public var census: SocketCounts
  public var counters: HostCounters
  public var gaps: [Gap] = []

  /// More are not kept: a host with so many has one trouble many times.
  static let mostNotable = 100_000
  static let mostUnanswered = 256

  static func take(
    _ scope: Diagnoser.Scope, through kernel: any Kernel,
    settings: [UInt32: NetworkSettings], measuring: Bool = false
  ) throws(KernelError) -> Sample {
    var gaps: [Gap] = []
    let survey = ListenerSurvey.Scope(
      [.tcp, .udp, .unixStream, .unixSeqpacket], in: scope.places, from: scope.source,
      through: kernel)
    var listening = ListenerSurvey(survey, callsRoll: false)
    try listening.findListeners(gaps: &gaps)
    let listeners = listening.concluded(gaps: &gaps)
    let ports = Set(
      listeners.filter { $0.socket.netid == .tcp }
        .map { SocketCounts.Port(namespace: $0.socket.namespace, port: $0.socket.local.port) })
    let census = SocketCounts(listening: ports, ranges: settings.compactMapValues(\.localPorts))
    var look = Sample(
      time: kernel.steadyTime, listeners: listeners, census: census,
      counters: HostCounters(scope.places, through: kernel, gaps: &gaps), gaps: gaps)
    try look.sweep(scope, kernel)
    if measuring { try look.findUnanswered(scope, kernel) }
    return look
  }

  /// Where so many are connected, nobody asks each of them: idle connections look alike.
  static let mostSessions = 512

  /// Another dump, with what TCP measured, of those servers alone that have few connections: with
  /// very many of them it would cost more than all the rest.
  private mutating func findUnanswered(
    _ scope: Diagnoser.Scope, _ kernel: any Kernel
  ) throws(KernelError) {
    let quiet = census.accepted.filter { $0.value <= Self.mostSessions }.keys
    for place in scope.places {
      let ports = Set(quiet.filter { $0.namespace == place.inode }.map(\.port))
      guard !ports.isEmpty else { continue }
      let query = SocketQuery(
        netids: .tcp, states: StateSet(.established), details: .tcp,
        program: ListenerPortProgram.make(.local, isOneOf: ports), namespace: place)
      var ignored: [Gap] = []
      try scope.source.list(query, through: kernel, gaps: &ignored) {
        (socket) throws(KernelError) in
        guard ports.contains(socket.local.port), isUnanswered(socket) else { return }
        unanswered[socket.inode] = SocketCounts.Port(
          namespace: socket.namespace, port: socket.local.port)
      }
    }
  }

  private mutating func sweep(
    _ scope: Diagnoser.Scope, _ kernel: any Kernel
  ) throws(KernelError) {
    for place in scope.places {
      var found: [Gap] = []
      let query = SocketQuery(
        netids: [.tcp, .unixStream, .unixSeqpacket, .unixDatagram], states: .connected,
        namespace: place)
      try scope.source.list(query, through: kernel, gaps: &found) {
        (socket) throws(KernelError) in
        note(socket)
      }
      gaps += found.filter { !gaps.contains($0) }
    }
  }

  private mutating func note(_ socket: borrowing Socket) {
    if socket.netid.isUnix {
      if (socket.receiveQueue ?? 0) > 0 || (socket.sendQueue ?? 0) > 0 {
        notableUnix[socket.inode] = copy socket
      }
      return
    }
    census.count(socket)
    if Self.isNotable(socket), notable.count < Self.mostNotable {
      notable[ConnectionKey(socket)] = copy socket
    }
  }

  /// A server read a request long ago and has said nothing since. By itself that is no fault: it
  /// may be a protocol in which only clients talk.
  private func isUnanswered(_ socket: borrowing Socket) -> Bool {
    guard socket.inode != 0, socket.state == .established, socket.receiveQueue == 0,
      socket.sendQueue == 0, unanswered.count < Self.mostUnanswered, let tcp = socket.details?.tcp,
      tcp.isUnansweredRequest, (tcp[.lastDataRecv] ?? 0) >= Sessions.patience
    else { return false }
    let port = SocketCounts.Port(namespace: socket.namespace, port: socket.local.port)
    return census.listening.contains(port)
  }

  /// Queued, not closed, not read, not sent, not answered: all else is calm.
  private static func isNotable(_ socket: borrowing Socket) -> Bool {
    switch socket.state {
    case .synSent, .closeWait: return true
    case .timeWait, .synReceived, .newSynReceived: return false
    case .established:
      return socket.inode == 0 || (socket.receiveQueue ?? 0) > 0 || (socket.sendQueue ?? 0) > 0
    default:
      return socket.inode != 0 && ((socket.receiveQueue ?? 0) > 0 || (socket.sendQueue ?? 0) > 0)
    }
  }
}
