import ProcNet

/// Follows who waits for whom, from one thread or one request to the root cause.
struct WaitChain {
  let host: HostObservation
  /// Threads on the way so far, so that a ring is noticed; processes whose calls were followed.
  private var passed: [Int32] = []
  private var asked: Set<Int32> = []
  private var links: [ChainLink] = []

  init(_ host: HostObservation) { self.host = host }

  /// More steps than this are a ring that could not be recognised, or a very strange host.
  private static let mostLinks = 16

  static func follow(_ thread: ObservedThread, in host: HostObservation) -> WaitPath {
    var chain = WaitChain(host)
    let end = chain.step(thread)
    return WaitPath(links: chain.links, end: end)
  }

  /// From a call that a process made, whichever of its threads made it.
  static func follow(_ call: OpenCall, in host: HostObservation) -> WaitPath {
    var chain = WaitChain(host)
    let end = chain.step(call)
    return WaitPath(links: chain.links, end: end)
  }

  private mutating func step(_ thread: ObservedThread) -> WaitEnd {
    if let start = passed.firstIndex(of: thread.thread) {
      return .cycle(Array(links[start...].map(\.process)))
    }
    guard links.count < Self.mostLinks else { return .unknown }
    passed.append(thread.thread)
    let wait = thread.wait
    switch wait.kind {
    case .running: return end(thread, .processor(thread), .processor, "the processor")
    case .stopped, .traced, .frozen: return end(thread, .halted(thread), .stopped, "to go on")
    case .timer: return timer(thread)
    case .memory: return end(thread, .memory(thread), .memory, "memory")
    case .disk: return end(thread, .disk(thread), .disk, "a disk or file system")
    case .file: return end(thread, .fileSystem(thread), .disk, host.place(of: thread))
    case .fifo:
      return end(thread, .fifo(thread), .pipe, "the other end of \(host.fifo(of: thread))")
    case .child: return child(thread)
    case .fileLock: return fileLock(thread)
    case .lock: return lock(thread)
    case .receive, .send, .connect, .any: return descriptors(thread)
    case .accept: return end(thread, .idle(thread), .unknown, "a new connection")
    case .other, .unknown: return end(thread, .unknown, .unknown, "something that cannot be seen")
    }
  }

  private mutating func end(
    _ thread: ObservedThread, _ end: WaitEnd, _ kind: ChainLink.Target.Kind, _ text: String
  ) -> WaitEnd {
    add(thread, ChainLink.Target(kind, text))
    return end
  }

  private mutating func add(
    _ thread: ObservedThread, _ target: ChainLink.Target, descriptor: Int32? = nil
  ) {
    let awaited = descriptor.flatMap { number in
      thread.wait.sockets.first { $0.descriptor == number }
    }
    links.append(
      ChainLink(
        process: thread.process, thread: thread.thread, call: thread.callName,
        descriptor: descriptor,
        since: awaited.flatMap { host.age(of: $0) }, waitsFor: target))
  }

  // --- locks, timers and children ------------------------------------------------------------

  /// A loop of short sleeps beside a file that another process has locked waits for that lock.
  private mutating func timer(_ thread: ObservedThread) -> WaitEnd {
    guard let lock = host.polledLock(of: thread.process.process) else {
      return end(thread, .timer(thread), .timer, "a timer")
    }
    return file(thread, lock.path, lock.holder)
  }

  private mutating func child(_ thread: ObservedThread) -> WaitEnd {
    let children = host.processList.children(of: thread.process.process).map(\.process)
    return child(thread, thread.wait.child ?? children.last, descriptor: nil)
  }

  private mutating func child(
    _ thread: ObservedThread, _ number: Int32?, descriptor: Int32?
  ) -> WaitEnd {
    let name = number.map(host.name)
    add(
      thread, ChainLink.Target(.child, "its child \(name?.text ?? "process")", process: name),
      descriptor: descriptor)
    guard let number, let child = host.processes[number]?.threads.first else {
      return .child(name)
    }
    let end = step(child)
    return end.isKnown ? end : .child(name)
  }

  private mutating func fileLock(_ thread: ObservedThread) -> WaitEnd {
    file(
      thread, host.lockedPath(by: thread),
      host.lockHolder(inTheWayOf: thread.process.process))
  }

  private mutating func file(
    _ thread: ObservedThread, _ path: String?, _ holder: Int32?
  ) -> WaitEnd {
    let what = path ?? "a file"
    add(
      thread,
      ChainLink.Target(
        .lock,
        holder.map { "a lock on \(what) that \(host.name($0).text) has" } ?? "a lock on \(what)",
        process: holder.map(host.name)))
    guard let holder, let other = host.processes[holder]?.threads.first else {
      return .lock(holder.map(host.name))
    }
    let end = step(other)
    return end.isKnown ? end : .lock(host.name(holder))
  }

  private mutating func lock(_ thread: ObservedThread) -> WaitEnd {
    if let runner = host.runner(before: thread) { return step(runner) }
    let holder = LockOwners(host).holder(of: thread)
    var target = ChainLink.Target(
      .lock, thread.wait.lockName + (holder.map { " that thread \($0.thread) has" } ?? ""),
      process: holder?.process)
    target.semaphoreSet = thread.wait.semaphoreSet
    target.sharedAddress = thread.wait.isShared ? thread.wait.address : nil
    add(thread, target)
    guard let holder else { return .lock(nil) }
    let end = step(holder)
    return end.isKnown ? end : .lock(holder.process)
  }

  // --- descriptors ---------------------------------------------------------------------------

  private mutating func descriptors(_ thread: ObservedThread) -> WaitEnd {
    if let output = thread.wait.output, !isSharedPipe(output) {
      return end(thread, .output(thread), .output, host.name(of: output))
    }
    if let input = thread.wait.input {
      return end(thread, .input(thread), .input, "input at \(host.name(of: input))")
    }
    switch host.target(of: thread) {
    case .connection(let awaited):
      guard let row = host.table.socket(inode: awaited.inode) else { break }
      return connection(Asker(thread: thread), awaited, row)
    case .pair(let awaited): return pair(thread, awaited)
    case .pipe(let inode, let descriptor, let reads): return pipe(thread, inode, descriptor, reads)
    default: break
    }
    return session(thread) ?? end(thread, .idle(thread), .unknown, "any of its connections")
  }

  /// A pipe with a reader in another process: what that one does is the end.
  private func isSharedPipe(_ output: AwaitedOther) -> Bool {
    guard case .pipe(let inode) = output.target else { return false }
    return !host.pipes.holders(of: inode).isEmpty
  }

  /// The process at the other end of the pipe that it reads, or writes.
  private mutating func pipe(
    _ thread: ObservedThread, _ pipe: UInt64, _ descriptor: Int32, _ reads: Bool
  ) -> WaitEnd {
    let others = host.pipes.holders(of: pipe).filter { $0.process != thread.process.process }
    let other =
      others.last { (reads ? $0.writes : $0.reads) == true && isChild($0.process, of: thread) }
      ?? others.first { (reads ? $0.writes : $0.reads) == true }
    if let other, isChild(other.process, of: thread) {
      return child(thread, other.process, descriptor: descriptor)
    }
    let name = other.map { host.name($0.process) }
    add(
      thread,
      ChainLink.Target(
        .pipe, "a pipe\(name.map { " that \($0.text) \(reads ? "writes" : "reads")" } ?? "")",
        process: name), descriptor: descriptor)
    guard let name else { return reads ? .unknown : .output(thread) }
    guard let next = host.processes[name.process]?.threads.first else { return .pipe(name) }
    let end = step(next)
    return end.isKnown ? end : .pipe(name)
  }

  private func isChild(_ process: Int32, of thread: ObservedThread) -> Bool {
    host.isDescendant(process, of: thread.process.process)
  }

  private mutating func pair(_ thread: ObservedThread, _ awaited: AwaitedSocket) -> WaitEnd {
    let other = host.table.socket(inode: awaited.inode).flatMap { host.table.opposite(of: $0) }
    let children = other.map { host.holders(of: $0.inode).map(\.process) } ?? []
    return child(
      thread, children.last { isChild($0, of: thread) }, descriptor: awaited.descriptor)
  }

  // --- connections ---------------------------------------------------------------------------

  /// Who waits at a connection: a thread, or a process of which no single thread does.
  private struct Asker {
    var thread: ObservedThread?
    var process: ProcessName
    var call: OpenCall?

    init(thread: ObservedThread) { (self.thread, process) = (thread, thread.process) }
    init(_ call: OpenCall) { (self.call, process) = (call, call.process) }
  }

  private mutating func step(_ call: OpenCall) -> WaitEnd {
    guard links.count < Self.mostLinks else { return .unknown }
    asked.insert(call.process.process)
    let awaited = AwaitedSocket(
      inode: call.socket.inode, descriptor: call.descriptor ?? -1, forReading: true,
      forWriting: false)
    return connection(Asker(call), awaited, call.socket)
  }

  private mutating func add(
    _ asker: Asker, _ target: ChainLink.Target, _ awaited: AwaitedSocket
  ) {
    if let thread = asker.thread {
      add(thread, target, descriptor: awaited.descriptor)
    } else {
      links.append(
        ChainLink(
          process: asker.process, thread: nil, call: nil,
          descriptor: awaited.descriptor < 0 ? nil : awaited.descriptor,
          since: asker.call?.since, waitsFor: target))
    }
  }

  private mutating func connection(
    _ asker: Asker, _ awaited: AwaitedSocket, _ row: Socket
  ) -> WaitEnd {
    if let listener = queue(of: row) { return queued(asker, awaited, row, listener) }
    if let end = undelivered(asker, awaited, row) { return end }
    guard let other = host.table.opposite(of: row) ?? host.table.receiver(of: row),
      other.inode != 0
    else { return remote(asker, awaited, row) }
    let holders = host.holders(of: other.inode)
    guard let holder = answering(holders, other.inode, asker.process.process) else {
      return remote(asker, awaited, row)
    }
    return held(asker, awaited, row, other, host.name(holder))
  }

  /// Of several owners of a connection the one that works on it: children inherit what their parent
  /// has open.
  private func answering(_ holders: [Owner], _ inode: UInt32, _ asker: Int32) -> Int32? {
    let others = holders.map(\.process).filter { $0 != asker }
    // Both ends are its own: a child that has merely inherited one does not answer there.
    if others.count < holders.count {
      let working = others.first { process in
        host.processes[process].map { host.isWatched(inode, by: $0) } ?? false
      }
      return working ?? asker
    }
    guard others.count > 1 else { return others.first ?? holders.first?.process }
    return host.answerer(of: inode, among: others)
  }

  /// The question has not arrived: it is not acknowledged, or the handshake is not finished.
  private mutating func undelivered(
    _ asker: Asker, _ awaited: AwaitedSocket, _ row: Socket
  ) -> WaitEnd? {
    guard row.netid == .tcp, !host.isServing(row) else { return nil }
    if row.state == .synSent {
      add(
        asker,
        ChainLink.Target(
          .remote, "a connection to \(SocketName.endpoint(row.peer))", socket: SocketName(row)),
        awaited)
      return .connecting(row)
    }
    guard host.isUnacknowledged(row.inode) else { return nil }
    add(
      asker, ChainLink.Target(.remote, Peers(host).text(of: row), socket: SocketName(row)), awaited)
    return .unacknowledged(row)
  }

  /// The listener in whose accept queue the other end still is.
  private func queue(of row: Socket) -> Socket? {
    if let listener = host.table.unixListener(keeping: row.inode) { return listener }
    if row.state == .synSent {
      if let called = host.listener(calledBy: row), host.isKeptAway(from: called) { return nil }
      return host.table.listener(at: row.peer, like: row)
    }
    if let listener = host.fullListener(awayFrom: row) { return listener }
    guard let other = host.table.opposite(of: row), host.table.isQueued(other) else { return nil }
    return host.table.listener(of: other)
  }

  private mutating func queued(
    _ asker: Asker, _ awaited: AwaitedSocket, _ row: Socket, _ listener: Socket
  ) -> WaitEnd {
    let name = SocketName(listener)
    let owners = host.holders(of: listener.inode)
    add(
      asker,
      ChainLink.Target(
        .acceptQueue, "the accept queue of \(name.text)", socket: name,
        process: owners.first.map { host.name($0.process) }), awaited)
    if owners.contains(where: { $0.process == asker.process.process }), links.count == 1 {
      return .ownQueue(name, asker.process)
    }
    guard let blocker = host.blockers[listener.inode] else {
      return .queue(name)
    }
    return step(blocker)
  }

  private mutating func remote(
    _ asker: Asker, _ awaited: AwaitedSocket, _ row: Socket
  ) -> WaitEnd {
    let name = SocketName(row)
    add(asker, ChainLink.Target(.remote, Peers(host).text(of: row), socket: name), awaited)
    if row.netid.isUnix { return .unknown }
    return .remote(row, isClient: host.table.listener(of: row) != nil)
  }

  private mutating func held(
    _ asker: Asker, _ awaited: AwaitedSocket, _ row: Socket, _ other: Socket, _ holder: ProcessName
  ) -> WaitEnd {
    add(
      asker,
      ChainLink.Target(
        .connection, Peers(host).text(of: row), socket: SocketName(row), process: holder),
      awaited)
    if host.isServing(row) {
      let client = host.processes[holder.process]
      if let client, client.isHalted, let halted = client.threads.first { return step(halted) }
      return asker.thread?.wait.kind == .send || (awaited.forWriting && !awaited.forReading)
        ? .notReading(row, holder) : .silent(row, holder)
    }
    guard let server = host.processes[holder.process] else { return .upstream(row, holder) }
    let end = answer(server, other.inode, since: host.asking(row.inode))
    if case .idle(let thread) = end, accepts(thread, instead: other, of: server) {
      return .accepting(row, thread)
    }
    return end.isKnown ? end : .upstream(row, holder)
  }

  /// The only thread of the only process that has a connection waits for the next one, in accept and
  /// not in a set: nothing will answer on this one before another client comes.
  private func accepts(
    _ thread: ObservedThread, instead connection: Socket, of server: ObservedProcess
  ) -> Bool {
    server.threads.count == 1 && thread.stays(.accept) && thread.process == server.name
      && host.holders(of: connection.inode).allSatisfy { $0.process == server.process }
  }

  /// What stops a server from answering: the thread that works on the request, or calls of its own.
  private mutating func answer(
    _ server: ObservedProcess, _ request: UInt32, since: UInt64?
  ) -> WaitEnd {
    if let next = AnsweringThread(host).thread(of: server, for: request, since: since) {
      let (before, seen) = (links, passed)
      let end = step(next)
      if end.isKnown { return end }
      // Its thread is at rest: what the process waits for shows in its calls.
      if let call = host.call(of: server.process, since: since), !asked.contains(server.process) {
        (links, passed) = (before, seen)
        return step(call)
      }
      return end
    }
    guard !asked.contains(server.process), let call = host.call(of: server.process, since: since)
    else { return .unknown }
    return step(call)
  }

  /// A database session that says itself what it waits for.
  private mutating func session(_ thread: ObservedThread) -> WaitEnd? {
    guard let process = host.processes[thread.process.process] else { return nil }
    switch SessionTitle(process.snapshot.commandLine) {
    case .waitsForStandby: return end(thread, .standby(process.name), .remote, "a standby server")
    case .waitsForLock: break
    default: return nil
    }
    let holders = host.sessionsInTheWay(of: process)
    guard let holder = holders.first, let next = holder.threads.first else {
      return end(thread, .lock(nil), .lock, SessionTitle.unknownHolder)
    }
    add(
      thread,
      ChainLink.Target(
        .lock, "a lock that \(holder.name.text) probably holds", process: holder.name))
    if SessionTitle(holder.snapshot.commandLine) == .idleInTransaction,
      let client = host.sessionConnection(of: holder)
    {
      return connection(Asker(thread: next), client.awaited, client.row)
    }
    let end = step(next)
    return end.isKnown ? end : .lock(holder.name)
  }
}
