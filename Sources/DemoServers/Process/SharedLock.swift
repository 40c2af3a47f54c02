/// One lock for all workers of a server.
enum SharedLock: Sendable {
  /// Where nothing will be locked.
  case none
  /// Threads wait in futex.
  case mutex(ThreadLock)
  /// Processes wait in flock; `/proc/locks` names holder and waiters.
  case file(FileLock)

  func take() throws(DemoError) {
    switch self {
    case .none: break
    case .mutex(let lock): lock.take()
    case .file(let lock): try lock.take()
    }
  }

  func release() {
    switch self {
    case .none: break
    case .mutex(let lock): lock.release()
    case .file(let lock): lock.release()
    }
  }
}
