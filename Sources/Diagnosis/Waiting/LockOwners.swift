import ProcNet

/// Finds who probably holds a lock that threads of a process wait for.
///
/// The kernel does not know: a free lock never enters it. What is left is elimination.
struct LockOwners {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// The thread that the lock itself names; else the one thread of the process that waits for
  /// something else than locks; nil when there is none, or several.
  func holder(of waiter: ObservedThread) -> ObservedThread? {
    guard let process = host.processes[waiter.process.process] else { return nil }
    if let named = waiter.snapshot.call?.likelyHolder, named != waiter.thread,
      let thread = process.threads.first(where: { $0.thread == named })
    {
      return thread
    }
    let others = process.threads.filter { thread in
      thread.thread != waiter.thread && isActive(thread)
    }
    return others.count == 1 ? others[0] : nil
  }

  private func isActive(_ thread: ObservedThread) -> Bool {
    switch thread.wait.kind {
    case .running, .disk, .timer, .child, .fileLock: true
    case .receive, .send, .connect: !thread.wait.sockets.isEmpty
    case .any: thread.wait.soleSocket.map { !isListener($0.inode) } ?? false
    default: false
    }
  }

  private func isListener(_ inode: UInt32) -> Bool {
    host.table.socket(inode: inode)?.state == .listen
  }
}
