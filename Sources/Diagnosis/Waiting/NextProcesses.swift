import ProcNet

/// Whom the threads of some processes wait for: the processes to look at next.
struct NextProcesses {
  private let host: HostObservation
  private var table: SocketTable { host.table }

  init(_ host: HostObservation) { self.host = host }

  /// A thread in a wait for many sockets waits for nobody in particular.
  static let mostSockets = 16

  func beyond(_ processes: [ProcessSnapshot]) -> [Int32] {
    var found: Set<Int32> = []
    for process in processes {
      for thread in process.threads {
        let wait = WaitReading.wait(of: thread, in: process)
        if let child = wait.child { found.insert(child) }
        if wait.kind == .child { found.formUnion(children(of: process.process)) }
        if wait.kind == .fileLock {
          found.formUnion(host.lockHolder(inTheWayOf: process.process).map { [$0] } ?? [])
        }
        if let pipe = wait.solePipe {
          found.formUnion(host.pipes.holders(of: pipe).prefix(8).map(\.process))
        }
        guard wait.sockets.count <= Self.mostSockets else { continue }
        for socket in wait.sockets { found.formUnion(beyond(socket.inode)) }
      }
    }
    return found.sorted()
  }

  /// The pipes that threads wait at, each alone.
  static func pipes(_ processes: [ProcessSnapshot]) -> Set<UInt64> {
    var found: Set<UInt64> = []
    for process in processes {
      for thread in process.threads {
        if let pipe = WaitReading.wait(of: thread, in: process).solePipe { found.insert(pipe) }
      }
    }
    return found
  }

  private func children(of process: Int32) -> [Int32] {
    host.processList.children(of: process).suffix(8).map(\.process)
  }

  /// Who holds the other end, or should accept it.
  private func beyond(_ inode: UInt32) -> [Int32] {
    guard let socket = table.socket(inode: inode), socket.state != .listen else { return [] }
    if let listener = table.unixListener(keeping: inode) { return holders(listener.inode) }
    guard let other = table.opposite(of: socket) else {
      return table.receiver(of: socket).map { holders($0.inode) } ?? []
    }
    if other.inode != 0 { return holders(other.inode) }
    return table.listener(of: other).map { holders($0.inode) } ?? []
  }

  private func holders(_ inode: UInt32) -> [Int32] {
    host.owners.owners(of: inode).prefix(64).map(\.process)
  }
}
