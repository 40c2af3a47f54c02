/// Collects listeners and what waits at them, in steps, so that whoever asks can choose among the
/// listeners before anything costly is read.
///
/// Two dumps a namespace: the listening sockets, then the connections, of which the kernel leaves
/// out those of other ports when the listeners are few. The roll call takes a third, of clients.
public struct ListenerSurvey {
  /// Where to look, and for what.
  public struct Scope {
    var netids: NetidSet
    var families: FamilySet
    var places: [NetworkNamespace]
    var source: any SocketSource
    var kernel: any Kernel

    public init(
      _ netids: NetidSet, families: FamilySet = .all, in places: [NetworkNamespace],
      from source: any SocketSource, through kernel: any Kernel
    ) {
      self.netids = netids
      self.families = families
      self.places = places
      self.source = source
      self.kernel = kernel
    }
  }

  let scope: Scope
  let callsRoll: Bool
  var listeners: [Listener] = []
  /// Those that were not asked for stay in view: their connections must not count elsewhere.
  var isWanted: [Bool] = []
  private(set) var index = ListenerLookup()
  var ages: [Int: [UInt32]] = [:]

  /// All steps at once.
  public static func survey(
    _ scope: Scope, callsRoll: Bool = false, gaps: inout [Gap],
    where isWanted: (borrowing Socket) -> Bool = { _ in true }
  ) throws(KernelError) -> [Listener] {
    var survey = ListenerSurvey(scope, callsRoll: callsRoll)
    try survey.findListeners(gaps: &gaps)
    survey.keep(where: isWanted)
    try survey.countConnections(gaps: &gaps)
    return survey.concluded(gaps: &gaps)
  }

  public init(_ scope: Scope, callsRoll: Bool) {
    self.scope = scope
    self.callsRoll = callsRoll
  }

  /// Inodes of the listeners that are wanted.
  public var inodes: [UInt32] {
    listeners.indices.filter { isWanted[$0] }.map { listeners[$0].socket.inode }
  }

  /// First step: TCP and unix in state LISTEN, UDP that is not connected.
  public mutating func findListeners(gaps: inout [Gap]) throws(KernelError) {
    for place in scope.places {
      let query = SocketQuery(
        netids: scope.netids, families: scope.families, states: .listening,
        details: [.memory, .attributes], namespace: place)
      try scope.source.list(query, through: scope.kernel, gaps: &gaps) {
        (socket) throws(KernelError) in
        guard socket.state == .listen || socket.netid == .udp else { return }
        index.insert(socket, listeners.count)
        listeners.append(Listener(socket: copy socket))
        isWanted.append(true)
      }
    }
  }

  /// Second step: which of them are wanted.
  public mutating func keep(where isWanted: (borrowing Socket) -> Bool) {
    for number in listeners.indices {
      self.isWanted[number] = isWanted(listeners[number].socket)
    }
  }

  /// Third step: what waits at them, and what they have let in.
  public mutating func countConnections(gaps: inout [Gap]) throws(KernelError) {
    let ports = wantedPorts
    guard !ports.isEmpty else { return }
    let counts = countingListeners
    for place in scope.places {
      let query = SocketQuery(
        netids: .tcp, families: scope.families.intersection(.internet), states: Self.ofServers,
        details: .tcp, program: ListenerPortProgram.make(.local, isOneOf: ports),
        namespace: place)
      var found: [Gap] = []
      try scope.source.list(query, through: scope.kernel, gaps: &found) {
        (socket) throws(KernelError) in
        if let listener = index.listener(of: socket), counts[listener] {
          take(socket, listener)
        }
      }
      for gap in found where !gaps.contains(gap) { gaps.append(gap) }
    }
    if callsRoll { try findClients(ports) }
  }

  private static let ofServers =
    StateSet.connected.subtracting([StateSet(.synSent), StateSet(.timeWait)])

  private var wantedPorts: Set<UInt16> {
    let wanted = listeners.indices.filter { isWanted[$0] && listeners[$0].socket.netid == .tcp }
    return Set(wanted.map { listeners[$0].socket.local.port })
  }

  /// Connections are counted with the first of several shards, which may not be wanted itself.
  private var countingListeners: [Bool] {
    var counts = isWanted
    for group in index.groups where group.contains(where: { isWanted[$0] }) {
      counts[group[0]] = true
    }
    return counts
  }

  private mutating func take(_ socket: borrowing Socket, _ number: Int) {
    if socket.inode != 0 {
      listeners[number].connections?[socket.state, default: 0] += 1
    } else if socket.state == .synReceived || socket.state == .newSynReceived {
      listeners[number].synQueue = (listeners[number].synQueue ?? 0) + 1
    } else if socket.state == .established || socket.state == .closeWait {
      takeWaiting(socket, number)
    }
  }

  private mutating func takeWaiting(_ socket: borrowing Socket, _ number: Int) {
    let age = socket.details?.tcp?[.lastDataSent].map { UInt32(clamping: $0) }
    if let age { ages[number, default: []].append(age) }
    let waiting = WaitingConnection(socket: copy socket, age: age)
    let unread = UInt64(waiting.unreadBytes ?? 0)
    if waiting.isAbandoned { listeners[number].acceptQueue?.abandoned? += 1 }
    listeners[number].acceptQueue?.unreadBytes? += unread
    if callsRoll { listeners[number].waiting.append(waiting) }
  }
}
