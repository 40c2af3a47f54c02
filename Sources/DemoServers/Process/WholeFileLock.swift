import Glibc

/// The two kinds of advisory lock on a file, as programs take them; `/proc/locks` names the holder.
enum WholeFileLock: String, CaseIterable {
  /// flock(2): belongs to the open file.
  case bsd = "flock"
  /// fcntl(2), F_SETLK: belongs to the process.
  case posix

  /// Waits for the lock in the kernel, which lists us behind its holder.
  func take(_ descriptor: Int32) throws(DemoError) {
    _ = try SystemCall.retrying("lock a file") { call(descriptor, waits: true) }
  }

  /// Takes the lock if it is free; answers whether it was.
  func take(ifFree descriptor: Int32) throws(DemoError) -> Bool {
    do {
      _ = try SystemCall.retrying("lock a file") { call(descriptor, waits: false) }
      return true
    } catch {
      guard error.number == EAGAIN || error.number == EACCES else { throw error }
      return false
    }
  }

  private func call(_ descriptor: Int32, waits: Bool) -> Int32 {
    switch self {
    case .bsd: return flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB)
    case .posix:
      var whole = flock()
      whole.l_type = Int16(F_WRLCK)
      whole.l_whence = Int16(SEEK_SET)
      return unsafe fcntl(descriptor, waits ? F_SETLKW : F_SETLK, &whole)
    }
  }
}
