/// Collects listeners and what waits at them.
///
/// Two dumps a namespace: the listening sockets, then the connections, of which the kernel leaves
/// out those of other ports when the listeners are few.
public struct ListenerSurvey {
  private let source: any SocketSource
  private let kernel: any Kernel
  private let callsRoll: Bool
  private var listeners: [Listener] = []
  private var index = ListenerPlaces()
  private var ages: [Int: [UInt32]] = [:]

  /// Which sockets listen: TCP and unix in state LISTEN, UDP that is not connected.
  public static func survey(
    _ netids: NetidSet, in places: [NamespacePlace], from source: any SocketSource,
    through kernel: any Kernel, callsRoll: Bool, gaps: inout [Gap],
    where isWanted: (borrowing Socket) -> Bool = { _ in true }
  ) throws(KernelError) -> [Listener] {
    var survey = ListenerSurvey(source: source, kernel: kernel, callsRoll: callsRoll)
    for place in places {
      try survey.collectListeners(netids, place, &gaps, isWanted)
      if netids.contains(Netid.tcp) { try survey.collectConnections(place, &gaps) }
    }
    return survey.concluded()
  }

  private init(source: any SocketSource, kernel: any Kernel, callsRoll: Bool) {
    self.source = source
    self.kernel = kernel
    self.callsRoll = callsRoll
  }

  private mutating func collectListeners(
    _ netids: NetidSet, _ place: NamespacePlace, _ gaps: inout [Gap],
    _ isWanted: (borrowing Socket) -> Bool
  ) throws(KernelError) {
    let query = SocketQuery(
      netids: netids, states: .listening, details: [.memory, .attributes], namespace: place)
    try source.list(query, through: kernel, gaps: &gaps) { (socket) throws(KernelError) in
      let listens = socket.state == .listen || socket.netid == .udp
      guard listens, isWanted(socket) else { return }
      index.insert(socket, listeners.count)
      listeners.append(Listener(socket: copy socket))
    }
  }

  private mutating func collectConnections(
    _ place: NamespacePlace, _ gaps: inout [Gap]
  ) throws(KernelError) {
    guard !index.isEmpty else { return }
    let query = SocketQuery(
      netids: .tcp, families: .internet,
      states: StateSet.connected.subtracting(StateSet(.synSent)), details: .tcp,
      program: index.program, namespace: place)
    // What is missing here was missing among the listeners already.
    var ignored: [Gap] = []
    try source.list(query, through: kernel, gaps: &ignored) { (socket) throws(KernelError) in
      if let listener = index.listener(of: socket) { take(socket, listener) }
    }
  }

  private mutating func take(_ socket: borrowing Socket, _ number: Int) {
    if socket.inode != 0 {
      listeners[number].connections[socket.state, default: 0] += 1
    } else if socket.state == .synReceived || socket.state == .newSynReceived {
      listeners[number].synQueue = (listeners[number].synQueue ?? 0) + 1
    } else if socket.state == .established || socket.state == .closeWait {
      takeWaiting(socket, number)
    }
  }

  private mutating func takeWaiting(_ socket: borrowing Socket, _ number: Int) {
    let age = socket.details?.tcp?[.lastDataSent].map { UInt32(clamping: $0) }
    if let age { ages[number, default: []].append(age) }
    if socket.state == .closeWait { listeners[number].acceptQueue.abandoned += 1 }
    listeners[number].acceptQueue.unreadBytes += UInt64(unread(socket))
    guard callsRoll else { return }
    listeners[number].waiting.append(WaitingConnection(socket: copy socket, age: age))
  }

  /// The end of a client that hung up counts as one byte of the receive queue.
  private func unread(_ socket: borrowing Socket) -> UInt32 {
    let queue = socket.receiveQueue ?? 0
    return socket.state == .closeWait && queue > 0 ? queue - 1 : queue
  }

  private mutating func concluded() -> [Listener] {
    for (number, found) in ages { listeners[number].acceptQueue.setAges(found.sorted()) }
    for group in index.groups where group.count > 1 {
      for (shard, number) in group.enumerated() {
        listeners[number].shards = group.count
        listeners[number].shard = shard
      }
    }
    for number in listeners.indices {
      listeners[number].waiting.sort { ($0.age ?? 0) > ($1.age ?? 0) }
    }
    return listeners
  }
}
