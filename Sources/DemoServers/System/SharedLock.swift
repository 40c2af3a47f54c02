import CLinux
import Glibc
import Synchronization

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

/// A lock that one thread takes in one function and gives back in another: a plain pthread mutex.
/// A thread that takes it twice waits for itself, which is what an event loop does here.
@safe final class ThreadLock: @unchecked Sendable {
  /// On the heap, where it stays: a mutex must not move.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  func take() { unsafe pthread_mutex_lock(mutex) }
  func release() { unsafe pthread_mutex_unlock(mutex) }
}

/// A lock between processes: flock on a file without a name. The kernel gives it back when its
/// holder dies.
final class FileLock: Sendable {
  /// The file, which children inherit.
  let descriptor: Int32
  /// flock belongs to an open file, and children share ours: each that locks opens it anew. Only
  /// one can hold the lock, so one place is enough to remember what to close.
  private let held = Atomic<Int32>(-1)

  init() throws(DemoError) {
    descriptor = try SystemCall.retrying("make a lock file") {
      unsafe memfd_create("demo-lock", SOCKINSPECT_MFD_CLOEXEC)
    }
  }

  /// The one that was inherited.
  init(adopting descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  func take() throws(DemoError) {
    let opened = try SystemCall.open("/proc/self/fd/\(descriptor)", O_RDWR)
    do {
      try WholeFileLock.bsd.take(opened)
    } catch {
      close(opened)
      throw error
    }
    held.store(opened, ordering: .releasing)
  }

  func release() {
    let opened = held.exchange(-1, ordering: .acquiring)
    if opened >= 0 { close(opened) }
  }
}

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
