import ProcNet

/// Recognises who serves a listener, and what the threads that should are doing.
struct ServerReading {
  let file: CaseFile
  let listener: ListenerCase
  let inodes: Set<UInt32>

  init(_ file: CaseFile, _ listener: ListenerCase) {
    self.file = file
    self.listener = listener
    inodes = [listener.socket.inode]
  }

  /// The thread that keeps a listener from being served: the first obstacle of its server.
  static func obstacle(behind listener: Socket, in file: CaseFile) -> ThreadCase? {
    if let known = file.servers.first(where: { $0.inodes.contains(listener.inode) }) {
      return known.obstacles.first?.thread
    }
    guard let entry = file.listeners.first(where: { $0.socket.inode == listener.inode }) else {
      return nil
    }
    return ServerReading(file, entry).read().obstacles.first?.thread
  }

  func read() -> ServerCase {
    let holders = Set(file.holders(of: listener.socket.inode).map(\.process))
    let cases = holders.sorted().compactMap { file.processes[$0] }
    var members = cases.map(member)
    var keepers: [ProcessName] = []
    // Where anybody accepts or has accepted, those who merely hold the listener are masters.
    if members.contains(where: isAtWork) {
      keepers = members.filter { !isAtWork($0) }.map { $0.process.name }
      members.removeAll { !isAtWork($0) }
    }
    var server = ServerCase(
      listener: listener, inodes: inodes, members: members, keepers: keepers,
      shape: shape(members, keepers))
    server.hasUnseenKin = file.hasUnseenKin(holders, of: listener.socket)
    return server
  }

  private func isAtWork(_ member: ServerMember) -> Bool {
    member.isReady || member.isLoop || (!member.accepted.isEmpty && !isShard)
      || watches(member.process)
  }

  /// An epoll of its own has the listener, whether anybody waits in it now or not: a stopped
  /// process shows nothing else of what it is there for.
  private func watches(_ process: ProcessCase) -> Bool {
    inodes.contains { process.watched[$0] != nil }
  }

  /// Connections do not say which of several shards they came through.
  private var isShard: Bool { listener.listener.shards > 1 }

  private func member(_ process: ProcessCase) -> ServerMember {
    let accepted = accepted(process)
    let isReady = process.threads.contains { $0.accepts(inodes) }
    let serving = process.threads.filter { thread in
      thread.wait.soleSocket.map { accepted.contains($0.inode) } ?? false
    }
    let isLoop = isLoop(process, accepted, serving)
    var member = ServerMember(
      process: process, accepted: accepted, isReady: isReady && !process.isHalted,
      isLoop: isLoop, serving: serving, obstacles: [])
    if !member.isReady { member.obstacles = obstacles(member).map(obstacle) }
    return member
  }

  /// It multiplexes: listener and connections are in one epoll. A listener alone in an epoll is
  /// how prefork servers wait.
  private func isLoop(
    _ process: ProcessCase, _ accepted: [UInt32], _ serving: [ThreadCase]
  ) -> Bool {
    guard watches(process) else { return false }
    return accepted.isEmpty || accepted.contains { process.watched[$0] != nil }
  }

  /// Connections of this listener that the process holds.
  private func accepted(_ process: ProcessCase) -> [UInt32] {
    process.sockets.keys.filter { inode in
      guard !inodes.contains(inode), let socket = file.table.socket(inode: inode) else {
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
    guard let found = file.table.listener(of: socket) else { return false }
    return inodes.contains(found.inode) || found.local == listener.socket.local
  }

  private func obstacle(_ thread: ThreadCase) -> Obstacle {
    let socket = thread.wait.soleSocket.flatMap { file.table.socket(inode: $0.inode) }
    return Obstacle(
      thread: thread, socket: socket, isAccepted: socket.map(isAccepted) ?? false)
  }

  // --- who of the threads is in the way ------------------------------------------------------

  private func obstacles(_ member: ServerMember) -> [ThreadCase] {
    let threads = member.process.threads
    guard let main = threads.first else { return [] }
    if member.process.isHalted { return [main] }
    if member.isLoop { return [loopThread(member) ?? main] }
    if threads.count == 1 { return IdleSleep.isIdle(main) || awaitsClients(main) ? [] : [main] }
    let busy = threads.filter { isBusy($0) }
    if !busy.isEmpty { return busy }
    // Sleeping is what helpers do as well; it counts where nobody does anything else.
    let asleep = threads.filter { $0.stays(.timer) && !IdleSleep.isIdle($0) }
    return asleep.isEmpty ? Deadlock.threads(of: member.process) : asleep
  }

  /// The thread that runs the loop: seen in its wait before, else the first one unless it only
  /// sleeps as helpers do, else the busiest.
  private func loopThread(_ member: ServerMember) -> ThreadCase? {
    let threads = member.process.threads
    let epolls = Set(inodes.compactMap { member.process.watched[$0] })
    if let seen = threads.first(where: { $0.earlier?.epoll.map(epolls.contains) ?? false }) {
      return seen
    }
    if let main = threads.first, !IdleSleep.isIdle(main), !waitsElsewhere(main, epolls) {
      return main
    }
    let candidates = threads.filter { !IdleSleep.isIdle($0) && !waitsElsewhere($0, epolls) }
    return candidates.max { ($0.ticks ?? 0) < ($1.ticks ?? 0) }
  }

  /// It waits in an epoll of its own that has nothing to do with the listener.
  private func waitsElsewhere(_ thread: ThreadCase, _ epolls: Set<Int32>) -> Bool {
    thread.wait.epoll.map { !epolls.contains($0) } ?? false
  }

  /// It works on something: a connection, a lock, a child, the processor.
  private func isBusy(_ thread: ThreadCase) -> Bool {
    switch thread.wait.kind {
    case .running: thread.burns(over: file.interval)
    case .disk, .child, .fileLock: true
    case .lock: IdleSleep.isMutex(thread)
    case .receive, .send, .connect: !thread.wait.sockets.isEmpty
    case .any: thread.wait.soleSocket != nil && !awaitsClients(thread)
    default: false
    }
  }

  /// It polls nothing but another listener: idle, whoever waits at this one.
  private func awaitsClients(_ thread: ThreadCase) -> Bool {
    guard thread.wait.kind == .any, let sole = thread.wait.soleSocket else { return false }
    return file.table.socket(inode: sole.inode)?.state == .listen
  }

  private func shape(_ members: [ServerMember], _ keepers: [ProcessName]) -> ServerShape {
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

  private func hasServingChildren(_ member: ServerMember) -> Bool {
    let children = Set(file.host.children(of: member.process.process).map(\.process))
    guard !children.isEmpty else { return false }
    return file.table.sockets.contains { socket in
      socket.inode != 0 && socket.state == .established && isAccepted(socket)
        && file.holders(of: socket.inode).contains { children.contains($0.process) }
    }
  }
}
