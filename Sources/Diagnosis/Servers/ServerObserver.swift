import ProcNet

/// Recognises the processes that serve a listener, and what the threads that should serve do.
struct ServerObserver {
  let host: HostObservation
  let listener: ObservedListener
  let inodes: Set<UInt32>

  init(_ host: HostObservation, _ listener: ObservedListener) {
    self.host = host
    self.listener = listener
    inodes = [listener.socket.inode]
  }

  func read() -> Server {
    let holders = Set(host.holders(of: listener.socket.inode).map(\.process))
    let all = holders.sorted().compactMap { host.processes[$0] }
    let handlers = handlers(among: all)
    let cases = all.filter { !handlers.contains($0.process) }
    var members = cases.map(member)
    var masters: [ProcessName] = []
    // Where a process accepts or has accepted, those that only have the listener open are masters.
    if members.contains(where: isAtWork) {
      masters = members.filter { !isAtWork($0) }.map { $0.process.name }
      members.removeAll { !isAtWork($0) }
    } else {
      // Connections come and go while this is read: a parent that waits for its children, or for
      // nothing that has to do with the listener, is their master all the same.
      let parents = Set(members.map(\.process.snapshot.parent))
      let waiting = members.filter { member in
        let threads = member.process.threads
        return parents.contains(member.process.process)
          && (threads.contains(where: waitsForChild)
            || (!threads.isEmpty && threads.allSatisfy(host.isIdle)))
      }
      masters = waiting.map(\.process.name)
      members.removeAll { masters.contains($0.process.name) }
    }
    var server = Server(
      listener: listener, inodes: inodes, members: members, masters: masters,
      model: model(members, masters))
    server.handlers = handlers.sorted().map { host.name($0) }
    server.hasHiddenRelatives = host.hasHiddenRelatives(holders, of: listener.socket)
    return server
  }

  /// Children that inherited the listener with all else that their parent has open, and serve one
  /// connection: they are younger than it, and the parent waits for them.
  private func handlers(among owners: [ObservedProcess]) -> Set<Int32> {
    guard let uptime = host.uptime else { return [] }
    func age(_ process: ObservedProcess) -> UInt64 {
      uptime.age(ofStart: process.snapshot.startTicks)
    }
    var found: Set<Int32> = []
    for parent in owners where parent.threads.contains(where: waitsForChild) {
      let children = owners.filter { child in
        guard child.snapshot.parent == parent.process, let since = connected(child) else {
          return false
        }
        return age(child) <= since +| Self.birth
      }
      // Several that were started with their server are a pool, however soon their clients came.
      let youngest = children.map(age).min() ?? 0
      if children.count > 1, age(parent) <= youngest +| Self.startOfPool { continue }
      found.formUnion(children.map(\.process))
    }
    return found
  }

  /// For how many milliseconds the latest of its clients has been connected, at least.
  private func connected(_ process: ObservedProcess) -> UInt64? {
    accepted(process).compactMap { host.conversation($0) }.map { max($0.sent, $0.received) }.min()
  }

  /// Milliseconds between a connection and the process that is started for it.
  private static let birth: UInt64 = 20
  /// Milliseconds in which a server starts its processes.
  private static let startOfPool: UInt64 = 1000

  private func waitsForChild(_ thread: ObservedThread) -> Bool {
    if thread.wait.kind == .child || thread.earlier?.kind == .child { return true }
    switch host.target(of: thread) {
    case .pipe(_, _, true), .pair: return true
    default: return false
    }
  }

  private func isAtWork(_ member: ServerProcess) -> Bool {
    member.isReady || member.isLoop || (!member.accepted.isEmpty && !isShard)
      || watches(member.process)
  }

  /// An epoll of its own has the listener, whether or not a thread waits in it now: a stopped
  /// process shows nothing else of its purpose.
  private func watches(_ process: ObservedProcess) -> Bool {
    inodes.contains { process.watched[$0] != nil }
  }

  /// Connections do not say which of several shards they came through.
  private var isShard: Bool { listener.listener.shards > 1 }

  private func member(_ process: ObservedProcess) -> ServerProcess {
    let accepted = accepted(process)
    let isReady = process.threads.contains { $0.accepts(inodes) }
    let serving = process.threads.filter { thread in
      host.awaitedSocket(of: thread).map { accepted.contains($0.inode) } ?? false
    }
    let isLoop = isLoop(process, accepted)
    var member = ServerProcess(
      process: process, accepted: accepted, isReady: isReady && !process.isHalted,
      isLoop: isLoop, serving: serving, blockers: [])
    if !member.isReady { member.blockers = blockers(member).map(blocker) }
    member.awaitsClients = process.threads.contains { thread in
      thread.wait.isBlind || thread.wait.sockets.contains { accepted.contains($0.inode) }
    }
    return member
  }

  /// It multiplexes: listener and connections are in one epoll. A listener alone in an epoll is
  /// how prefork servers wait.
  private func isLoop(_ process: ObservedProcess, _ accepted: [UInt32]) -> Bool {
    guard watches(process) else { return false }
    return accepted.isEmpty || accepted.contains { process.watched[$0] != nil }
  }

  /// Connections of this listener that the process owns.
  private func accepted(_ process: ObservedProcess) -> [UInt32] {
    process.sockets.keys.filter { inode in
      guard !inodes.contains(inode), let socket = host.table.socket(inode: inode) else {
        return false
      }
      return isAccepted(socket)
    }.sorted()
  }

  private func isAccepted(_ socket: Socket) -> Bool {
    if socket.netid.isUnix {
      return socket.state == .established && socket.path != nil
        && socket.path == listener.socket.path
    }
    guard let found = host.table.listener(of: socket) else { return false }
    return inodes.contains(found.inode) || found.local == listener.socket.local
  }

  private func blocker(_ thread: ObservedThread) -> AcceptBlocker {
    let socket = host.awaitedSocket(of: thread).flatMap { host.table.socket(inode: $0.inode) }
    return AcceptBlocker(
      thread: thread, socket: socket, isAccepted: socket.map(isAccepted) ?? false)
  }

  // --- which of the threads is in the way ----------------------------------------------------

  private func blockers(_ member: ServerProcess) -> [ObservedThread] {
    let threads = member.process.threads
    guard let main = threads.first else { return [] }
    if member.process.isHalted { return [main] }
    if member.isLoop { return [loopThread(member) ?? main] }
    if threads.count == 1 { return host.isIdle(main) ? [] : [main] }
    let busy = threads.filter { isBusy($0) }
    if !busy.isEmpty { return busy + convoy(behind: busy, threads) }
    // Helpers sleep as well; it counts where no thread does anything else.
    let asleep = threads.filter { $0.stays(.timer) && !host.isIdle($0) }
    if !asleep.isEmpty { return asleep }
    let locked = Deadlock.threads(of: member.process)
    if !locked.isEmpty { return locked }
    return LockHerd(host, member.process).flatMap { $0.isProven ? $0.threads : nil } ?? []
  }

  /// Threads at a lock beside one that computes and is not the first: where none accepts, the one
  /// that should is among them. The global lock of an interpreter looks like this.
  private func convoy(
    behind busy: [ObservedThread], _ threads: [ObservedThread]
  ) -> [ObservedThread] {
    guard busy.count == 1, busy[0].wait.kind == .running, busy[0].thread != threads.first?.thread
    else { return [] }
    return threads.filter { thread in
      thread.thread != busy[0].thread && isAtLock(thread.wait)
        && thread.earlier.map(isAtLock) != false
    }
  }

  /// Waiting for a lock with a time-out, or just awake to try for it again.
  private func isAtLock(_ wait: Wait) -> Bool {
    wait.kind == .running || (wait.kind == .lock && wait.timeout != .never)
  }

  /// The thread that runs the loop: seen in its wait before, else the first one unless it only
  /// sleeps as helpers do, else the busiest.
  private func loopThread(_ member: ServerProcess) -> ObservedThread? {
    let threads = member.process.threads
    let epolls = Set(inodes.compactMap { member.process.watched[$0] })
    if let seen = threads.first(where: { $0.earlier?.epoll.map(epolls.contains) ?? false }) {
      return seen
    }
    if let main = threads.first, !host.isIdle(main), !waitsElsewhere(main, epolls) {
      return main
    }
    let candidates = threads.filter { !host.isIdle($0) && !waitsElsewhere($0, epolls) }
    return candidates.max { ($0.ticks ?? 0) < ($1.ticks ?? 0) }
  }

  /// It waits in an epoll of its own that has nothing to do with the listener.
  private func waitsElsewhere(_ thread: ObservedThread, _ epolls: Set<Int32>) -> Bool {
    host.isIdle(thread) && thread.wait.epoll.map { !epolls.contains($0) } ?? false
  }

  /// It works or waits for something: a connection, a lock, a child, the CPU.
  private func isBusy(_ thread: ObservedThread) -> Bool {
    thread.wait.kind == .lock ? thread.wait.isMutex : host.isAtWork(thread)
  }

  private func model(_ members: [ServerProcess], _ masters: [ProcessName]) -> ServerModel {
    if members.isEmpty || members.allSatisfy({ $0.process.isOpaque }) { return .unknown }
    let loops = members.filter(\.isLoop)
    if !loops.isEmpty { return .eventLoop(loops.count) }
    if members.count > 1 { return .prefork(members.count) }
    let member = members[0]
    if member.process.threads.count == 1 {
      return member.accepted.isEmpty && hasServingChildren(member) ? .worker : .serial
    }
    return .threads(max(member.serving.count, member.process.threads.count - 1))
  }

  private func hasServingChildren(_ member: ServerProcess) -> Bool {
    let children = Set(host.processList.children(of: member.process.process).map(\.process))
    guard !children.isEmpty else { return false }
    return host.table.sockets.contains { socket in
      socket.inode != 0 && socket.state == .established && isAccepted(socket)
        && host.holders(of: socket.inode).contains { children.contains($0.process) }
    }
  }
}

/// Which servers have clients whose bytes they have not read over the whole interval.
struct UnreadRequests {
  let listeners: Set<UInt32>

  init(_ host: HostObservation) {
    var found: Set<UInt32> = []
    let stuck = host.persistent { socket in
      socket.inode != 0 && socket.state == .established && (socket.unread ?? 0) > 0
    }
    for (before, now) in stuck where Self.isTheSame(before, now, host) {
      if let listener = host.table.listener(of: now) { found.insert(listener.inode) }
    }
    listeners = found
  }

  /// The same bytes, not as many of the next request: nothing arrived since the first sample.
  private static func isTheSame(_ before: Socket, _ now: Socket, _ host: HostObservation) -> Bool {
    guard now.unread == before.unread, let span = host.span,
      let arrived = host.metrics[now.inode]?[.lastDataRecv]
    else { return false }
    return arrived >= span
  }
}

/// Parents, children and siblings of processes: they may share a listener.
struct Relatives {
  let processList: HostProcesses

  /// Of a shell with more children none is likelier than the others.
  private static let most = 64

  /// Of some processes, without those themselves and without process 1.
  func of(_ processes: Set<Int32>) -> [Int32] {
    let parents = Set(processes.compactMap { processList[$0]?.parent }).subtracting([0, 1])
    let found = processList.processes.filter { stat in
      guard stat.process != 1, !processes.contains(stat.process) else { return false }
      return parents.contains(stat.process) || parents.contains(stat.parent)
        || processes.contains(stat.parent)
    }
    return found.prefix(Self.most).map(\.process)
  }
}

extension HostObservation {
  /// A process that cannot be read probably has this listener open as well: a relative of an owner
  /// with the same name, or one of the user who made the listener when no owner is.
  func hasHiddenRelatives(_ holders: Set<Int32>, of listener: Socket) -> Bool {
    let names = Set(holders.compactMap { processList[$0]?.command })
    let users = Set(holders.compactMap { processes[$0]?.snapshot.uid })
    let maker = listener.uid.flatMap { users.contains($0) ? nil : $0 }
    return Relatives(processList: processList).of(holders).contains { relative in
      guard let snapshot = processes[relative]?.snapshot, snapshot.descriptors == nil else {
        return false
      }
      return names.contains(snapshot.command) || (maker != nil && snapshot.uid == maker)
    }
  }
}
