import ProcNet

/// Whom the threads of some processes wait for: the processes to look at next.
struct WaitFrontier {
  let table: SocketTable
  let owners: OwnerIndex

  init(_ table: SocketTable, _ owners: OwnerIndex) {
    self.table = table
    self.owners = owners
  }

  /// A thread in a wait for many sockets waits for nobody in particular.
  static let mostSockets = 16

  func beyond(_ processes: [ProcessSnapshot]) -> [Int32] {
    var found: Set<Int32> = []
    for process in processes {
      for thread in process.threads {
        let wait = WaitReading.wait(of: thread, in: process)
        if let child = wait.child { found.insert(child) }
        guard wait.sockets.count <= Self.mostSockets else { continue }
        for socket in wait.sockets { found.formUnion(beyond(socket.inode)) }
      }
    }
    return found.sorted()
  }

  /// Who holds the other end, or should accept it.
  private func beyond(_ inode: UInt32) -> [Int32] {
    guard let socket = table.socket(inode: inode), socket.state != .listen else { return [] }
    if let listener = table.unixListener(keeping: inode) { return holders(listener.inode) }
    guard let other = table.opposite(of: socket) else { return [] }
    if other.inode != 0 { return holders(other.inode) }
    return table.listener(of: other).map { holders($0.inode) } ?? []
  }

  private func holders(_ inode: UInt32) -> [Int32] {
    owners.owners(of: inode).prefix(64).map(\.process)
  }
}
