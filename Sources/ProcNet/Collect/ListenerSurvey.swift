/// Collects listeners and what waits at them, in steps, so that the caller can choose among the
/// listeners before anything costly is read.
///
/// Two dumps a namespace: the listening sockets, then the connections, of which the kernel leaves
/// out those of other ports when the listeners are few. To name those that wait takes a third, of
/// clients.
public struct ListenerSurvey {
  /// Where to look, and for what.
  public struct Scope {
    var netids: NetidSet
    var families: FamilySet
    var places: [NetworkNamespace]
    var source: any SocketSource
    var kernel: any Kernel

    /// Namespaces are looked at in this order, and all through the same source.
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

  private let scope: Scope
  private let listsWaiting: Bool
  private var listeners: [Listener] = []
  /// Those that were not asked for stay in view: their connections must not count elsewhere.
  private var isWanted: [Bool] = []
  private var index = ListenerLookup()
  private var ages: [Int: [UInt32]] = [:]

  /// All steps at once.
  public static func survey(
    _ scope: Scope, listsWaiting: Bool = false, gaps: inout [Gap],
    where isWanted: (borrowing Socket) -> Bool = { _ in true }
  ) throws(KernelError) -> [Listener] {
    var survey = ListenerSurvey(scope, listsWaiting: listsWaiting)
    try survey.findListeners(gaps: &gaps)
    survey.keep(where: isWanted)
    try survey.countConnections(gaps: &gaps)
    return survey.concluded(gaps: &gaps)
  }

  /// The listeners alone, without what they have let in.
  public static func listeners(_ scope: Scope) throws(KernelError) -> [Listener] {
    var gaps: [Gap] = []
    var survey = ListenerSurvey(scope, listsWaiting: false)
    try survey.findListeners(gaps: &gaps)
    return survey.concluded(gaps: &gaps)
  }

  /// Begins a survey that has not read anything; one that lists who waits costs a third dump.
  public init(_ scope: Scope, listsWaiting: Bool) {
    self.scope = scope
    self.listsWaiting = listsWaiting
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
    if listsWaiting { try findClients(ports) }
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
      if isLeftUnread(socket) { listeners[number].leftUnread += 1 }
    } else if socket.state == .synReceived || socket.state == .newSynReceived {
      listeners[number].synQueue = (listeners[number].synQueue ?? 0) + 1
    } else if socket.state == .established || socket.state == .closeWait {
      takeWaiting(socket, number)
    }
  }

  /// Nothing has come for a while, and what came before is still there. A client that has hung up
  /// counts as unread by its FIN alone, and shows by its state.
  private func isLeftUnread(_ socket: borrowing Socket) -> Bool {
    guard socket.state == .established, (socket.unread ?? 0) > 0,
      let received = socket.details?.tcp?[.lastDataRecv]
    else { return false }
    return received >= Listener.longUnread
  }

  private mutating func takeWaiting(_ socket: borrowing Socket, _ number: Int) {
    let age = socket.details?.tcp?[.lastDataSent].map { UInt32(clamping: $0) }
    if let age { ages[number, default: []].append(age) }
    let waiting = WaitingConnection(socket: copy socket, age: age)
    let unread = UInt64(waiting.unreadBytes ?? 0)
    if waiting.isAbandoned { listeners[number].acceptQueue?.abandoned? += 1 }
    listeners[number].acceptQueue?.unreadBytes? += unread
    if listsWaiting { listeners[number].waiting.append(waiting) }
  }

  /// The wanted listeners with all that was found.
  public mutating func concluded(gaps: inout [Gap]) -> [Listener] {
    for (number, found) in ages { listeners[number].acceptQueue?.setAges(found.sorted()) }
    for group in index.groups where group.count > 1 { tellApart(group) }
    if listsWaiting { listUnixClients(gaps: &gaps) }
    var wanted: [Listener] = []
    for number in listeners.indices where isWanted[number] {
      listeners[number].waiting.sort { ($0.age ?? 0) > ($1.age ?? 0) }
      wanted.append(listeners[number])
    }
    noteMissing(wanted, gaps: &gaps)
    return wanted
  }

  /// Each shard has its own queue, but rows of connections do not say which they came through.
  /// What waits belongs to the one shard where something waits; where it is several, and for what
  /// was accepted, all is counted with the fullest of those wanted and unknown for the others.
  private mutating func tellApart(_ group: [Int]) {
    for (shard, number) in group.enumerated() {
      listeners[number].shards = group.count
      listeners[number].shard = shard
    }
    let first = listeners[group[0]]
    let chosen = fullest(group.filter { isWanted[$0] }) ?? group[0]
    let crowded = group.filter { (listeners[$0].acceptQueue?.length ?? 0) > 0 }
    for number in group {
      listeners[number].connections = number == chosen ? first.connections : nil
      listeners[number].leftUnread = number == chosen ? first.leftUnread : 0
      listeners[number].synQueue = number == chosen ? first.synQueue : nil
      listeners[number].waiting = []
      if crowded.count > 1 {
        listeners[number].acceptQueue?.forgetWaiting()
      } else {
        listeners[number].acceptQueue?.takeWaiting(of: .nobody)
      }
    }
    let holder = crowded.count == 1 ? crowded[0] : chosen
    guard let queue = first.acceptQueue else { return }
    listeners[holder].acceptQueue?.takeWaiting(of: queue)
    listeners[holder].waiting = first.waiting
  }

  /// The first of those with the longest queue.
  private func fullest(_ group: [Int]) -> Int? {
    group.reduce(nil) { best, number in
      guard let best else { return number }
      let (one, other) = (listeners[best].acceptQueue, listeners[number].acceptQueue)
      return (other?.length ?? 0) > (one?.length ?? 0) ? number : best
    }
  }

  private func noteMissing(_ wanted: [Listener], gaps: inout [Gap]) {
    let dropping = wanted.filter { $0.socket.netid == .tcp && $0.drops == nil }.count
    let queuing = wanted.filter { $0.socket.netid.isUnix && $0.acceptQueue?.length == nil }.count
    note(.drops, "drops", dropping, "listener", "sock_diag does, since Linux 4.7", &gaps)
    note(.queues, "accept queues", queuing, "unix listener", "sock_diag does", &gaps)
  }

  private func note(
    _ kind: Gap.Kind, _ what: String, _ number: Int, _ whose: String, _ remedy: String,
    _ gaps: inout [Gap]
  ) {
    guard number > 0 else { return }
    gaps.append(
      Gap(
        kind, missing: "\(what) of \(Gap.count(number, whose, whose + "s"))",
        reason: "where they were read does not tell", remedy: remedy))
  }

  /// The other ends of TCP connections that wait, as far as they are on this host.
  private mutating func findClients(_ ports: Set<UInt16>) throws(KernelError) {
    guard listeners.contains(where: { !$0.waiting.isEmpty }) else { return }
    var peers = PeerIndex(spansNamespaces: scope.places.count > 1)
    for place in scope.places {
      let query = SocketQuery(
        netids: .tcp, families: .internet, states: .connected,
        program: ListenerPortProgram.make(.peer, isOneOf: ports), namespace: place)
      try scope.source.list(query, through: scope.kernel) { (socket) throws(KernelError) in
        if ports.contains(socket.peer.port) { peers.insert(socket) }
      }
    }
    for number in listeners.indices {
      for place in listeners[number].waiting.indices {
        listeners[number].waiting[place].clientInode =
          peers.inode(oppositeTo: listeners[number].waiting[place].socket)
      }
    }
  }

  /// unix: the kernel tells the clients' inodes with the listener.
  private mutating func listUnixClients(gaps: inout [Gap]) {
    for number in listeners.indices where listeners[number].socket.netid.isUnix {
      let listener = listeners[number].socket
      for inode in listener.details?.waiting ?? [] {
        var end = Socket(netid: listener.netid, family: .unix, state: .established)
        end.path = listener.path
        end.namespace = listener.namespace
        end.peerInode = inode
        listeners[number].waiting.append(
          WaitingConnection(socket: end, clientInode: inode == 0 ? nil : inode))
      }
    }
    nameBlocked(gaps: &gaps)
  }

  /// The kernel does not tell at which listener a process is blocked, but where only one is full
  /// it must be that one.
  private mutating func nameBlocked(gaps: inout [Gap]) {
    let full = listeners.indices.filter {
      listeners[$0].socket.netid.isUnix && listeners[$0].acceptQueue?.isFull == true
    }
    guard full.contains(where: { isWanted[$0] }) else { return }
    let blocked = BlockedConnectors.find(through: scope.kernel, gaps: &gaps)
    if full.count == 1 {
      listeners[full[0]].blocked = blocked
    } else if !blocked.isEmpty {
      gaps.append(
        Gap(
          missing: "which of \(full.count) full unix listeners blocks whom",
          reason: "the kernel does not tell"))
    }
  }
}

extension AcceptQueue {
  /// Known to be empty.
  fileprivate static let nobody: AcceptQueue = {
    var queue = AcceptQueue(length: 0)
    queue.abandoned = 0
    queue.unreadBytes = 0
    return queue
  }()
}

/// Finds who is blocked in connect() at a unix listener whose queue is full.
///
/// The kernel has no list of them: they are the threads that sleep in `unix_wait_for_peer` and in
/// the system call connect, whose first argument is their descriptor. Needs the rights of a
/// debugger.
enum BlockedConnectors {
  /// connect on x86-64 and on aarch64.
  private static let connectCalls: Set<Int32> = [42, 203]
  private static let sleepsIn = Array("unix_wait_for_peer".utf8)

  static func find(through kernel: any Kernel, gaps: inout [Gap]) -> [Owner] {
    guard let processes = try? HostProcesses.numbers(through: kernel) else { return [] }
    var blocked: [Owner] = []
    var denied = 0
    for process in processes {
      switch descriptors(of: process, kernel) {
      case .none: denied += 1
      case .some(let found):
        let command = self.command(of: process, kernel)
        blocked += found.map { Owner(process: process, descriptor: $0, command: command) }
      }
    }
    if denied > 0 {
      gaps.append(
        Gap(
          .owners,
          missing:
            "who of \(Gap.count(denied, "process", "processes")) is blocked in connect()",
          reason: "permission denied", remedy: kernel.remedyForDenial))
    }
    return blocked
  }

  /// Descriptors on which threads of a process are blocked; nil when we may not look.
  private static func descriptors(of process: Int32, _ kernel: any Kernel) -> [Int32]? {
    let folder = "/proc/\(process)/task"
    guard let threads = try? kernel.entries(of: folder) else { return [] }
    var found: [Int32] = []
    for thread in threads {
      let path = "\(folder)/\(thread.name)"
      guard let place = text("\(path)/wchan", kernel), place == sleepsIn || place == [0x30]
      else { continue }
      do throws(KernelError) {
        let call = try kernel.contents(of: "\(path)/syscall")
        if place == sleepsIn, let number = descriptor(call) { found.append(number) }
      } catch {
        if error.isDenied { return nil }
      }
    }
    return found
  }

  /// The first argument of connect.
  private static func descriptor(_ text: [UInt8]) -> Int32? {
    guard case .call(let number, let arguments)? = ProcSyscall.decode(text.span),
      connectCalls.contains(number), let first = arguments.first
    else { return nil }
    return Int32(exactly: first)
  }

  private static func command(of process: Int32, _ kernel: any Kernel) -> [UInt8] {
    Array((text("/proc/\(process)/comm", kernel) ?? []).prefix(ProcStat.longestCommand))
  }

  private static func text(_ path: String, _ kernel: any Kernel) -> [UInt8]? {
    guard let bytes = try? kernel.contents(of: path) else { return nil }
    return bytes.last == 0x0A ? bytes.dropLast() : bytes
  }
}
