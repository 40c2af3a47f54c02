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
    if let named = waiter.wait.likelyHolder, named != waiter.thread,
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
    case .running: thread.burns(over: host.interval)
    case .disk, .file, .timer, .child, .fileLock: true
    case .receive, .send, .connect, .any: !host.isIdle(thread)
    default: false
    }
  }
}

extension HostObservation {
  /// Who has the lock on a file that a process waits for.
  func lockHolder(inTheWayOf process: Int32) -> Int32? {
    locks.holders(inTheWayOf: process).compactMap(\.process).first { $0 != process }
  }

  /// The file that a thread waits to lock, by its path.
  func lockedPath(by thread: ObservedThread) -> String? {
    thread.wait.others.first.map { name(of: $0) }
  }

  /// The lock on a file that a process seems to wait for in short sleeps: it has the file open, and
  /// another process has it locked.
  func polledLock(of process: Int32) -> (path: String, holder: Int32)? { nil }

  /// What a call of the file system is stuck on: path and mount.
  func place(of thread: ObservedThread) -> String {
    thread.wait.path.map { String(decoding: $0, as: UTF8.self) } ?? "a file"
  }

  /// A descriptor that is no socket, in words: `the terminal /dev/pts/3`, `/var/log/x`, `a pipe`.
  func name(of other: AwaitedOther) -> String {
    switch other.target {
    case .socket(let inode): "socket \(inode)"
    case .pipe: "a pipe"
    case .eventPoll: "an epoll instance"
    case .other(let link):
      link.starts(with: "/dev/pts/".utf8) || link.starts(with: "/dev/tty".utf8)
        ? "the terminal \(String(decoding: link, as: UTF8.self))"
        : String(decoding: link, as: UTF8.self)
    }
  }
}
