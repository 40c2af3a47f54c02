import Glibc

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
