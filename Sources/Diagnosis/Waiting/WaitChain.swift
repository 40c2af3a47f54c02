import ProcNet

/// Follows who waits for whom, from one thread to the end that matters.
struct WaitChain {
  let host: HostObservation
  /// Threads on the way so far, so that a ring is noticed.
  private var passed: [Int32] = []
  private var links: [ChainLink] = []

  init(_ host: HostObservation) { self.host = host }

  /// A way through the graph and where it ends.
  struct Path {
    var links: [ChainLink]
    var end: WaitEnd
  }

  /// More steps than this are a ring that could not be recognised, or a very strange host.
  private static let mostLinks = 16

  static func follow(_ thread: ObservedThread, in host: HostObservation) -> Path {
    var chain = WaitChain(host)
    let end = chain.step(thread)
    return Path(links: chain.links, end: end)
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
    case .timer: return end(thread, .timer(thread), .timer, "a timer")
    case .disk: return end(thread, .disk(thread), .disk, "a disk or file system")
    case .child: return child(thread)
    case .fileLock: return fileLock(thread)
    case .lock: return lock(thread)
    case .receive, .send, .connect, .any: return socket(thread)
    case .accept: return end(thread, .idle(thread), .unknown, "a new connection")
    case .other, .unknown: return end(thread, .unknown, .unknown, "something that does not show")
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
        process: thread.process, thread: thread.thread, call: WaitDescription.call(thread),
        descriptor: descriptor,
        since: awaited.flatMap { WaitAge.of($0, host) }, waitsFor: target))
  }

  // --- locks and children --------------------------------------------------------------------

  private mutating func child(_ thread: ObservedThread) -> WaitEnd {
    let children = host.processList.children(of: thread.process.process).map(\.process)
    let number = thread.wait.child ?? children.last
    let name = number.map(host.name)
    add(
      thread, ChainLink.Target(.child, "its child \(name?.text ?? "process")", process: name))
    guard let number, let child = host.processes[number]?.threads.first else {
      return .child(name)
    }
    let end = step(child)
    return end.isKnown ? end : .child(name)
  }

  private mutating func fileLock(_ thread: ObservedThread) -> WaitEnd {
    let holder = host.lockHolder(inTheWayOf: thread.process.process)
    add(
      thread,
      ChainLink.Target(
        .lock,
        holder.map { "a lock on a file that \(host.name($0).text) holds" }
          ?? "a lock on a file", process: holder.map(host.name)))
    guard let holder, let other = host.processes[holder]?.threads.first else {
      return .lock(holder.map(host.name))
    }
    let end = step(other)
    return end.isKnown ? end : .lock(host.name(holder))
  }

  private mutating func lock(_ thread: ObservedThread) -> WaitEnd {
    let holder = LockOwners(host).holder(of: thread)
    let address = thread.wait.address.map { "0x\(String($0, radix: 16))" } ?? "an unknown address"
    add(
      thread,
      ChainLink.Target(
        .lock, "a lock at \(address)" + (holder.map { " held by thread \($0.thread)" } ?? ""),
        process: holder?.process))
    guard let holder else { return .lock(nil) }
    let end = step(holder)
    return end.isKnown ? end : .lock(holder.process)
  }

  /// The process at the other end of the pipe that it reads, or writes.
  private mutating func pipe(_ thread: ObservedThread, _ pipe: UInt64) -> WaitEnd {
    let reads = thread.wait.kind != .send
    let other = host.pipes.holders(of: pipe).first {
      $0.process != thread.process.process && (reads ? $0.writes : $0.reads) == true
    }
    let name = other.map { host.name($0.process) }
    add(
      thread,
      ChainLink.Target(
        .pipe, "a pipe\(name.map { " that \($0.text) \(reads ? "writes" : "reads")" } ?? "")",
        process: name), descriptor: thread.wait.others.first?.descriptor)
    guard let name else { return .unknown }
    guard let next = host.processes[name.process]?.threads.first else { return .pipe(name) }
    let end = step(next)
    return end.isKnown ? end : .pipe(name)
  }

  // --- sockets -------------------------------------------------------------------------------

  private mutating func socket(_ thread: ObservedThread) -> WaitEnd {
    guard let awaited = AwaitedConnection(host).socket(of: thread),
      let row = host.table.socket(inode: awaited.inode)
    else {
      if let pipe = thread.wait.solePipe { return self.pipe(thread, pipe) }
      return end(thread, .idle(thread), .unknown, "any of its connections")
    }
    if let listener = queue(of: row) { return queued(thread, awaited, row, listener) }
    guard let other = host.table.opposite(of: row) ?? host.table.receiver(of: row),
      other.inode != 0
    else { return remote(thread, awaited, row) }
    guard
      let holder = host.holders(of: other.inode).first(where: {
        $0.process != thread.process.process
      }) ?? host.holders(of: other.inode).first
    else { return remote(thread, awaited, row) }
    return held(thread, awaited, row, other, host.name(holder.process))
  }

  /// The listener in whose accept queue the other end still is.
  private func queue(of row: Socket) -> Socket? {
    if let listener = host.table.unixListener(keeping: row.inode) { return listener }
    if row.state == .synSent { return host.table.listener(at: row.peer, like: row) }
    guard let other = host.table.opposite(of: row), host.table.isQueued(other) else { return nil }
    return host.table.listener(of: other)
  }

  private mutating func queued(
    _ thread: ObservedThread, _ awaited: AwaitedSocket, _ row: Socket, _ listener: Socket
  ) -> WaitEnd {
    let name = SocketName(listener)
    let owners = host.holders(of: listener.inode)
    add(
      thread,
      ChainLink.Target(
        .acceptQueue, "the accept queue of \(name.text)", socket: name,
        process: owners.first.map { host.name($0.process) }), descriptor: awaited.descriptor)
    if owners.contains(where: { $0.process == thread.process.process }), links.count == 1 {
      return .ownQueue(name, thread.process)
    }
    guard let blocker = ServerObserver.blocker(behind: listener, in: host) else {
      return .queue(name)
    }
    return step(blocker)
  }

  private mutating func remote(
    _ thread: ObservedThread, _ awaited: AwaitedSocket, _ row: Socket
  ) -> WaitEnd {
    let name = SocketName(row)
    add(
      thread, ChainLink.Target(.remote, Peers(host).text(of: row), socket: name),
      descriptor: awaited.descriptor)
    if row.netid.isUnix { return .unknown }
    return .remote(row, isClient: host.table.listener(of: row) != nil)
  }

  private mutating func held(
    _ thread: ObservedThread, _ awaited: AwaitedSocket, _ row: Socket, _ other: Socket,
    _ holder: ProcessName
  ) -> WaitEnd {
    add(
      thread,
      ChainLink.Target(
        .connection, Peers(host).text(of: row), socket: SocketName(row), process: holder),
      descriptor: awaited.descriptor)
    if isServing(row) {
      let client = host.processes[holder.process]
      if let client, client.isHalted, let halted = client.threads.first { return step(halted) }
      return thread.wait.kind == .send || awaited.forWriting
        ? .notReading(row, holder) : .silent(row, holder)
    }
    guard let server = host.processes[holder.process],
      let next = AnsweringThread(host).thread(of: server, for: other.inode)
    else { return .upstream(row, holder) }
    let end = step(next)
    return end.isKnown ? end : .upstream(row, holder)
  }

  /// The connection came in from a client: it is the client's turn.
  private func isServing(_ row: Socket) -> Bool {
    row.netid.isUnix ? row.path != nil : host.table.listener(of: row) != nil
  }
}

/// Where a chain of waiting ends: what is really the matter.
enum WaitEnd: Sendable {
  /// A client on this host that owes the next bytes.
  case silent(Socket, ProcessName)
  /// A client on this host that does not read its answer.
  case notReading(Socket, ProcessName)
  /// Somebody on another host, or in a namespace out of view.
  case remote(Socket, isClient: Bool)
  /// A server on this host that could not be looked into, or that shows nothing.
  case upstream(Socket, ProcessName)
  case processor(ObservedThread)
  case timer(ObservedThread)
  case halted(ObservedThread)
  case disk(ObservedThread)
  case child(ProcessName?)
  /// A lock, and who holds it where that is known.
  case lock(ProcessName?)
  /// The process at the other end of a pipe.
  case pipe(ProcessName)
  /// It waits in its own accept queue.
  case ownQueue(SocketName, ProcessName)
  /// Everybody in the ring waits for the next one.
  case cycle([ProcessName])
  /// The accept queue of a server that could not be explained.
  case queue(SocketName)
  /// A thread with nothing to do.
  case idle(ObservedThread)
  case unknown

  /// It says more than the step before it.
  var isKnown: Bool {
    switch self {
    case .unknown, .idle: false
    default: true
    }
  }
}
