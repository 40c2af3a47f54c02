import ProcNet

/// What a thread that waits for sockets, pipes or events really waits for.
///
/// Only the set of the call it sleeps in now counts: another epoll instance of its process may
/// contain the listener although no thread waits in it.
enum WaitTarget: Sendable, Hashable {
  /// One connection: the thread can do nothing until that peer does something.
  case connection(AwaitedSocket)
  /// A pipe, or a pair of sockets, whose other end another process has.
  case pipe(UInt64, descriptor: Int32, reads: Bool)
  case pair(AwaitedSocket)
  /// New connections, or the next requests of its clients: an event loop at rest.
  case clients
  /// Sockets that it opened itself and on which nothing is due: a consumer at rest.
  case feeds
  /// What its own process wakes it with.
  case wakeUp
  /// The set could not be read.
  case hidden
}

extension HostObservation {
  /// nil when it does not wait for descriptors.
  func target(of thread: ObservedThread) -> WaitTarget? {
    switch thread.wait.kind {
    case .receive, .send, .connect: soleTarget(of: thread)
    case .any: WaitSet(self, thread).target
    case .accept: .clients
    default: nil
    }
  }

  private func soleTarget(of thread: ObservedThread) -> WaitTarget? {
    if let socket = thread.wait.sockets.first {
      return table.socket(inode: socket.inode)?.state == .listen ? .clients : .connection(socket)
    }
    guard let other = thread.wait.others.first else { return thread.wait.isBlind ? .hidden : nil }
    guard case .pipe(let inode) = other.target else { return nil }
    return pipes.isOwn(inode, of: thread.process.process)
      ? .wakeUp
      : .pipe(inode, descriptor: other.descriptor, reads: thread.wait.kind != .send)
  }

  /// The one socket that a thread waits for; nil when it waits for something else, or for many.
  func awaitedSocket(of thread: ObservedThread) -> AwaitedSocket? {
    switch target(of: thread) {
    case .connection(let socket), .pair(let socket): socket
    default: nil
    }
  }

  /// Milliseconds since the peer was asked, or since it last said something; nil while a
  /// connection is not established, when the kernel's figures mean nothing.
  func age(of awaited: AwaitedSocket) -> UInt64? {
    guard table.socket(inode: awaited.inode)?.state != .synSent,
      let tcp = metrics[awaited.inode]
    else { return nil }
    if awaited.forWriting, !awaited.forReading { return tcp[.lastDataSent] }
    return asking(awaited.inode) ?? tcp[.lastDataRecv]
  }

  /// This host began the connection: the other side is the server.
  func isOutgoing(_ row: borrowing Socket) -> Bool {
    if row.netid.isUnix {
      return row.path == nil
        && (table.opposite(of: row)?.path != nil || table.unixListener(keeping: row.inode) != nil)
    }
    if row.netid == .udp { return row.peer.port != 0 }
    return row.netid == .tcp && row.state != .listen && table.listener(of: row) == nil
  }

  /// The connection came in from a client: it is the client's turn where no other process has to answer.
  func isServing(_ row: borrowing Socket) -> Bool {
    row.netid.isUnix ? row.path != nil : table.listener(of: row) != nil
  }

  /// The peer is to answer: it was asked and said nothing since, it has not even accepted, or the
  /// question itself is still on its way.
  func isAsked(_ row: borrowing Socket) -> Bool {
    if row.state == .synSent || table.unixListener(keeping: row.inode) != nil { return true }
    if let other = table.opposite(of: row), table.isQueued(other) { return true }
    if row.netid == .udp { return true }
    guard let talk = conversation(row.inode) else { return false }
    return talk.turn == .unsent || (talk.turn == .theirs && !talk.isHalfClosed)
      || talk.turn == .either
  }
}

/// The set of a poll, select or epoll in which a thread sleeps.
private struct WaitSet {
  let host: HostObservation
  let thread: ObservedThread

  init(_ host: HostObservation, _ thread: ObservedThread) {
    (self.host, self.thread) = (host, thread)
  }

  private var process: Int32 { thread.process.process }

  /// A wait for more sockets is for no process in particular.
  private static let mostSockets = 64

  var target: WaitTarget {
    let wait = thread.wait
    if wait.isBlind { return .hidden }
    guard wait.sockets.count <= Self.mostSockets else { return .clients }
    var outgoing: [(awaited: AwaitedSocket, row: Socket)] = []
    var pairs: [AwaitedSocket] = []
    for awaited in wait.sockets {
      guard let row = host.table.socket(inode: awaited.inode) else { continue }
      switch role(row, awaited) {
      case .ours: return client(awaited, row)
      case .outgoing: outgoing.append((awaited, row))
      case .pair: pairs.append(awaited)
      case .own: break
      }
    }
    if let asked = outgoing.first(where: { host.isAsked($0.row) }) {
      return .connection(asked.awaited)
    }
    if outgoing.count == 1, wait.epoll == nil { return .connection(outgoing[0].awaited) }
    if !outgoing.isEmpty { return .feeds }
    return pipe ?? pairs.first.map { .pair($0) } ?? .wakeUp
  }

  private enum Role {
    /// A listener, or a connection that came in.
    case ours
    case outgoing
    /// One end of a pair whose other end another process has.
    case pair
    /// Both ends are its own, or nothing is known of it.
    case own
  }

  private func role(_ row: Socket, _ awaited: AwaitedSocket) -> Role {
    if row.state == .listen { return .ours }
    if host.isOutgoing(row) { return .outgoing }
    guard row.netid.isUnix else { return .ours }
    if row.path != nil { return .ours }
    guard let other = host.table.opposite(of: row), other.inode != 0 else { return .own }
    let holders = host.holders(of: other.inode).map(\.process)
    if holders.isEmpty || holders.contains(process) { return .own }
    return holders.contains(where: { host.isDescendant($0, of: process) }) ? .pair : .own
  }

  /// Beside others, or in an epoll, a client's connection is one of many; alone it is what the
  /// thread serves.
  private func client(_ awaited: AwaitedSocket, _ row: Socket) -> WaitTarget {
    row.state != .listen && thread.wait.epoll == nil && thread.wait.sockets.count == 1
      ? .connection(awaited) : .clients
  }

  /// A pipe that a child has the other end of.
  private var pipe: WaitTarget? {
    for other in thread.wait.others {
      guard case .pipe(let inode) = other.target else { continue }
      let holders = host.pipes.holders(of: inode)
      // A process that can write to the pipe that it reads wakes itself with it.
      guard !holders.contains(where: { $0.process == process && $0.writes == true }),
        holders.contains(where: {
          $0.process != process && host.isDescendant($0.process, of: process)
        })
      else { continue }
      return .pipe(inode, descriptor: other.descriptor, reads: true)
    }
    return nil
  }
}

extension HostObservation {
  /// Whether a thread sleeps because it has nothing to do, rather than because something blocks it.
  ///
  /// futex is both the normal sleep of idle helpers and the wait for a lock. A contended mutex
  /// waits for the value 2 (the C library's and most others); condition variables, semaphores and
  /// parked threads wait for other values.
  func isIdle(_ thread: ObservedThread) -> Bool {
    switch thread.wait.kind {
    case .lock: !thread.wait.isMutex
    case .timer: thread.wait.isSignalWait
    case .accept: true
    case .receive, .send, .connect, .any: isAtRest(thread)
    default: false
    }
  }

  /// It computes, or waits for something that no client and no wake-up of its own process is. Locks
  /// and timers are left to the caller: idle threads sleep at both.
  func isAtWork(_ thread: ObservedThread) -> Bool {
    switch thread.wait.kind {
    case .running: thread.burns(over: interval)
    case .disk, .memory, .file, .fifo, .child, .fileLock: true
    case .receive, .send, .connect, .any: !isIdle(thread)
    default: false
    }
  }

  private func isAtRest(_ thread: ObservedThread) -> Bool {
    switch target(of: thread) {
    case .connection, .pipe, .pair: false
    case .clients, .feeds, .wakeUp, .hidden: true
    // A receive from, or a send to, something that is neither socket nor pipe. Consoles of servers
    // have a thread of their own; the only thread of a process can do nothing else meanwhile.
    case nil:
      thread.wait.kind != .send
        && (thread.wait.input == nil || processes[thread.process.process]?.threads.count != 1)
    }
  }
}

extension HostObservation {
  /// A child, or a child's child.
  func isDescendant(_ process: Int32, of ancestor: Int32) -> Bool {
    var current = process
    for _ in 0..<8 {
      guard let parent = processList[current]?.parent, parent > 1 else { return false }
      if parent == ancestor { return true }
      current = parent
    }
    return false
  }
}

extension PipeHolders {
  /// Both ends are in the same process, as far as can be seen.
  func isOwn(_ pipe: UInt64, of process: Int32) -> Bool {
    let holders = holders(of: pipe)
    return !holders.isEmpty && holders.allSatisfy { $0.process == process }
  }
}

/// The other end of a connection in words.
struct Peers {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// The process at the other end; nil when it is not on this host or has no owner.
  func process(of socket: Socket) -> ProcessName? {
    guard let other = host.table.opposite(of: socket) ?? host.table.receiver(of: socket),
      other.inode != 0,
      let holder = host.holders(of: other.inode).first
    else { return nil }
    return host.name(holder.process)
  }

  /// `127.0.0.1:35628 (python3, pid 3135)`.
  func text(of socket: Socket) -> String {
    let place = place(of: socket)
    guard let process = process(of: socket) else { return place }
    return socket.netid.isUnix
      ? process.text : "\(place) (\(process.name), pid \(process.process))"
  }

  /// unix: the path of the server at the other end.
  func serverPath(of socket: Socket) -> String {
    let other = host.table.opposite(of: socket)
    return SocketName.path(other?.path ?? socket.path, other?.inode ?? socket.inode)
  }

  private func place(of socket: Socket) -> String {
    socket.netid.isUnix
      ? "the other end of \(SocketName.path(socket.path, socket.inode))"
      : SocketName.endpoint(socket.peer)
  }
}
