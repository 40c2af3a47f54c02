import ProcNet

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
