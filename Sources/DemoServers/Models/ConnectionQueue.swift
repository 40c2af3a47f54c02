import Glibc

/// Connections that wait for a thread of the pool; full when there are as many as it may hold.
@safe final class ConnectionQueue: @unchecked Sendable {
  private let limit: Int
  private var waiting: [Connection] = []
  /// On the heap, where they stay: neither must move.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  init(limit: Int) {
    self.limit = limit
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Waits while the queue is full.
  func put(_ connection: Connection) {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while waiting.count >= limit { unsafe pthread_cond_wait(changed, mutex) }
    waiting.append(connection)
    // Takers and the one who puts wait on the same condition: waking one might wake the wrong.
    unsafe pthread_cond_broadcast(changed)
  }

  /// Waits while the queue is empty.
  ///
  /// Not inlined: inside of an endless loop the optimiser of Swift 6.3 (loop-invariant code
  /// motion) never comes to an end with it.
  @inline(never)
  func take() -> Connection {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while waiting.isEmpty { unsafe pthread_cond_wait(changed, mutex) }
    if waiting.count == limit { unsafe pthread_cond_broadcast(changed) }
    return waiting.removeFirst()
  }
}
