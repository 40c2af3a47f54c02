import ProcNet

/// A call of a process to another server that has not been answered.
struct OpenCall: Sendable {
  var process: ProcessName
  /// The caller's end of the connection.
  var socket: Socket
  var descriptor: Int32?
  /// Milliseconds since it was made; nil where that does not show, as at unix sockets.
  var since: UInt64?
}

extension HostObservation {
  /// Milliseconds by which a call or a wait may seem older than the request it was made for.
  static let slack: UInt64 = 250
  /// Milliseconds from which on a call counts as unanswered.
  private static let patience: UInt64 = 500

  // --- what a process waits for ------------------------------------------------------------------

  /// The call that represents all that a process has open since a request came: the oldest to the
  /// peer with most of them. nil when it waits for no other process.
  ///
  /// - Parameter since: Milliseconds since the request came; calls made before it have nothing to
  ///   do with it.
  func call(of process: Int32, since: UInt64?) -> OpenCall? {
    callGroups(of: process, since: since).first?.first
  }

  /// Its unanswered calls by peer, those with most calls first, in each the oldest first.
  func callGroups(of process: Int32, since: UInt64?) -> [[OpenCall]] {
    let calls = calls(of: process).filter { call in
      guard let made = call.since, let since else { return true }
      return made <= since +| Self.slack
    }
    let groups = Dictionary(grouping: calls) { call in
      call.socket.netid.isUnix
        ? Peers(self).serverPath(of: call.socket) : SocketName.endpoint(call.socket.peer)
    }
    return groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { group in
      group.value.sorted { ($0.since ?? 0) > ($1.since ?? 0) }
    }
  }

  private func calls(of process: Int32) -> [OpenCall] {
    guard let observed = processes[process] else { return [] }
    return observed.sockets.sorted { $0.value < $1.value }.compactMap { inode, descriptor in
      guard let row = table.socket(inode: inode), isOutgoing(row), isOpenCall(row, of: process)
      else { return nil }
      return OpenCall(
        process: observed.name, socket: row, descriptor: descriptor, since: callAge(row))
    }
  }

  private func callAge(_ row: Socket) -> UInt64? {
    guard row.netid == .tcp, row.state != .synSent else { return nil }
    return conversation(row.inode)?.sent
  }

  private func isOpenCall(_ row: Socket, of process: Int32) -> Bool {
    if row.netid.isUnix { return isOpenUnixCall(row) }
    guard row.netid == .tcp else { return false }
    if row.state == .synSent { return true }
    guard let talk = conversation(row.inode) else { return false }
    switch talk.turn {
    case .theirs: return talk.sent >= Self.patience
    case .unsent: return isUnacknowledged(row.inode)
    // Within one tick the order is not known: a thread that waits for it knows.
    case .either:
      return talk.sent >= Self.patience && (isAwaited(row.inode, in: process) || isOwed(row))
    default: return false
    }
  }

  /// The server at the other end does not wait for more: it is at work on it.
  private func isOwed(_ row: Socket) -> Bool {
    guard let other = table.opposite(of: row), other.inode != 0,
      let holder = answerer(of: other.inode),
      let server = processes[holder], let talk = conversation(other.inode)
    else { return false }
    return talk.owing != nil && owes(server, other.inode, talk)
  }

  private func isAwaited(_ inode: UInt32, in process: Int32) -> Bool {
    processes[process]?.threads.contains { awaitedSocket(of: $0)?.inode == inode } ?? false
  }

  /// unix: it waits in the queue, or the process at the other end works on it: its thread waits for
  /// something else than this connection.
  private func isOpenUnixCall(_ row: Socket) -> Bool {
    if table.unixListener(keeping: row.inode) != nil { return true }
    guard let other = table.opposite(of: row), other.inode != 0,
      let holder = answerer(of: other.inode),
      let server = processes[holder],
      let thread = AnsweringThread(self).thread(of: server, for: other.inode, since: nil)
    else { return false }
    return awaitedSocket(of: thread)?.inode != other.inode && !isIdle(thread)
      && !isWatched(other.inode, by: server)
  }

  /// What was sent has not been acknowledged although it was sent again.
  func isUnacknowledged(_ inode: UInt32) -> Bool {
    guard let tcp = metrics[inode], (tcp[.unacked] ?? 0) > 0 else { return false }
    return (tcp[.retransmits] ?? 0) >= 2 || (tcp[.backoff] ?? 0) >= 2
  }

  /// The listener on this host that should answer a SYN; of shards a full one.
  func listener(calledBy client: Socket) -> ObservedListener? {
    guard let found = table.listener(at: client.peer, like: client) else { return nil }
    let shards = listeners.filter {
      $0.socket.netid == .tcp && $0.socket.local == found.local
        && $0.socket.namespace == found.namespace
    }
    return shards.first(where: \.isFullNow) ?? shards.first
  }

  /// Its SYNs, or the answers, do not arrive, although the listener is on this host: it has room for
  /// them.
  func isKeptAway(from listener: ObservedListener) -> Bool {
    listener.hadRoom && !SynQueue(listener, self).isUnderPressure
  }

  /// The listener on this host, in whatever namespace, whose full queue keeps a connection out that
  /// this end believes established: not one byte of it was ever acknowledged.
  func fullListener(awayFrom row: Socket) -> Socket? {
    guard row.netid == .tcp, isUnacknowledged(row.inode), let tcp = metrics[row.inode],
      (tcp[.bytesAcked] ?? 2) <= 1
    else { return nil }
    let address = row.peer.address.unmapped
    return listeners.first { listener in
      let local = listener.socket.local
      return listener.isFullNow && listener.socket.netid == .tcp && local.port == row.peer.port
        && (local.address.unmapped == address
          || (local.address.unmapped.isAny
            && table.isOwn(address, in: listener.socket.namespace)))
    }?.socket
  }

  // --- who works on a connection -----------------------------------------------------------------

  /// A thread waits right now for the next bytes of this connection.
  func isWatched(_ inode: UInt32, by process: ObservedProcess) -> Bool {
    process.threads.contains { $0.wait.reads(inode) }
  }

  func answerer(of inode: UInt32) -> Int32? {
    answerer(of: inode, among: holders(of: inode).map(\.process))
  }

  /// Of processes that have the same connection open the one that works on it: a child is born with
  /// all that its parent has open.
  func answerer(of inode: UInt32, among holders: [Int32]) -> Int32? {
    let seen = holders.compactMap { processes[$0] }
    guard seen.count > 1 else { return seen.first?.process ?? holders.first }
    if let direct = seen.first(where: { isWatched(inode, by: $0) }) { return direct.process }
    return seen.max { $0.snapshot.startTicks < $1.snapshot.startTicks }?.process
  }

  // --- requests ----------------------------------------------------------------------------------

  /// The requests that a process has read and not answered for a while, by the listener that they
  /// came in through, the oldest first.
  func openRequests(of process: ObservedProcess) -> [ShardAddress: [OpenRequest]] {
    var found: [ShardAddress: [OpenRequest]] = [:]
    for inode in process.sockets.keys {
      guard let row = table.socket(inode: inode), row.netid == .tcp, row.state != .listen,
        let talk = conversation(inode), let since = talk.owing, since >= Sample.patience,
        let listener = table.listener(of: row), owes(process, inode, talk)
      else { continue }
      found[ShardAddress(of: listener), default: []].append(
        OpenRequest(socket: row, since: since, isAbandoned: talk.isHalfClosed))
    }
    return found.mapValues { requests in
      requests.sorted { ($1.since, $0.socket.inode) < ($0.since, $1.socket.inode) }
    }
  }

  /// A thread waited for the next bytes of it in either sample, or is awake and has it in its epoll:
  /// a loop at work, which will come back to it.
  func isLookedAfter(_ inode: UInt32, by process: ObservedProcess) -> Bool {
    if isWatched(inode, by: process) { return true }
    let isAwake = process.threads.contains { $0.wait.kind == .running }
    if isAwake, process.watched[inode] != nil { return true }
    return process.threads.contains { $0.earlier?.reads(inode) == true }
  }

  /// It has sent something to a client since the first sample.
  func isAnswering(_ process: Int32) -> Bool {
    guard let span, let observed = processes[process] else { return false }
    return observed.sockets.keys.contains { inode in
      guard let talk = conversation(inode), talk.sent < span,
        talk.turn == .theirs || talk.turn == .unsent, let row = table.socket(inode: inode)
      else { return false }
      return table.listener(of: row) != nil
    }
  }

  /// A thread that reads from just this client waits for more of the request; and where the order
  /// is not known, a server that still waits for data on the connection has answered.
  private func owes(_ process: ObservedProcess, _ inode: UInt32, _ talk: Conversation) -> Bool {
    guard answerer(of: inode) == process.process else { return false }
    if process.threads.contains(where: { awaitedSocket(of: $0)?.inode == inode }) { return false }
    return talk.turn == .ours || !isLookedAfter(inode, by: process)
  }
}

/// The processes that some others wait for, and that are to be read next.
struct NextProcesses {
  private let host: HostObservation
  private var table: SocketTable { host.table }

  init(_ host: HostObservation) { self.host = host }

  /// A thread that waits for more sockets waits for no process in particular.
  private static let mostSockets = 64
  /// Calls of one process, and sessions of one server, that are followed.
  private static let mostCalls = 64
  private static let mostSessions = 256

  func beyond(_ processes: [ProcessSnapshot]) -> Set<Int32> {
    var found: Set<Int32> = []
    for process in processes {
      for thread in process.threads {
        found.formUnion(awaited(WaitReading.wait(of: thread, in: process), by: process.process))
      }
      for inode in calls(process) { found.formUnion(beyond(inode)) }
      if let lock = host.polledLock(of: process.process) { found.insert(lock.holder) }
    }
    return found
  }

  private func awaited(_ wait: Wait, by process: Int32) -> Set<Int32> {
    var found: Set<Int32> = []
    if let child = wait.child { found.insert(child) }
    if wait.kind == .child {
      found.formUnion(host.processList.children(of: process).suffix(8).map(\.process))
    }
    if wait.kind == .fileLock, let holder = host.lockHolder(inTheWayOf: process) {
      found.insert(holder)
    }
    for pipe in wait.pipes.prefix(8) {
      found.formUnion(host.pipes.holders(of: pipe).prefix(8).map(\.process))
    }
    guard wait.sockets.count <= Self.mostSockets else { return found }
    for socket in wait.sockets { found.formUnion(beyond(socket.inode)) }
    return found
  }

  /// Connections that a process opened and on which an answer is due.
  private func calls(_ process: ProcessSnapshot) -> [UInt32] {
    var found: [UInt32] = []
    for case .socket(let inode) in (process.descriptors ?? [:]).values {
      guard found.count < Self.mostCalls, let row = table.socket(inode: inode),
        host.isOutgoing(row)
      else { continue }
      if row.netid.isUnix || host.isAsked(row) { found.append(inode) }
    }
    return found
  }

  /// The pipes that threads wait at.
  static func pipes(_ processes: [ProcessSnapshot]) -> Set<UInt64> {
    var found: Set<UInt64> = []
    for process in processes {
      for thread in process.threads {
        found.formUnion(WaitReading.wait(of: thread, in: process).pipes.prefix(8))
      }
    }
    return found
  }

  /// The owners of the other end, or of the listener that should accept it.
  private func beyond(_ inode: UInt32) -> [Int32] {
    guard let socket = table.socket(inode: inode), socket.state != .listen else { return [] }
    if let listener = table.unixListener(keeping: inode) { return holders(listener.inode) }
    guard let other = table.opposite(of: socket) else {
      if let listener = table.listener(at: socket.peer, like: socket) {
        return holders(listener.inode)
      }
      return table.receiver(of: socket).map { holders($0.inode) } ?? []
    }
    if other.inode != 0 { return holders(other.inode) + siblings(of: other) }
    return table.listener(of: other).map { holders($0.inode) } ?? []
  }

  /// The other sessions of a server with a process for each: one of them may have what the first
  /// one waits for.
  private func siblings(of session: Socket) -> [Int32] {
    guard session.netid == .tcp || session.path != nil,
      let owner = host.owners.owners(of: session.inode).first?.process,
      let parent = host.processList[owner]?.parent, parent > 1,
      holdsSameServer(parent, session)
    else { return [] }
    return host.processList.children(of: parent).prefix(Self.mostSessions).map(\.process)
  }

  private func holdsSameServer(_ parent: Int32, _ session: Socket) -> Bool {
    let listener =
      session.netid.isUnix
      ? host.unixListener(at: session.path) : table.listener(of: session)
    guard let listener else { return false }
    return host.owners.owners(of: listener.inode).contains { $0.process == parent }
  }

  private func holders(_ inode: UInt32) -> [Int32] {
    host.owners.owners(of: inode).prefix(64).map(\.process)
  }
}
