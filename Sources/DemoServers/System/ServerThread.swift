import CLinux
import Glibc

/// A thread of a server, with a name.
enum ServerThread {
  /// Much smaller than the usual 8 MiB: a thousand threads should not run out of addresses.
  private static let stack = 256 << 10

  /// Starts a detached thread. Ending signals go to the main thread.
  static func start(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) throws(DemoError) {
    let start = ThreadStart {
      ThreadName.set(name)
      body()
    }
    let failure = start.start(stack: stack)
    guard failure == 0 else { throw SystemCall.failure("start a thread", failure) }
  }
}

/// What a new thread is handed: a C function takes no closure.
private final class ThreadStart: Sendable {
  private let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }

  /// 0, or an error number.
  func start(stack: Int) -> Int32 {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    unsafe pthread_attr_setstacksize(&attributes, stack)
    // A thread begins with the mask of the one that starts it.
    return Signals.heldBack { create(&attributes) }
  }

  private func create(_ attributes: inout pthread_attr_t) -> Int32 {
    var thread = pthread_t()
    let parcel = unsafe Unmanaged.passRetained(self)
    let failure = unsafe pthread_create(
      &thread, &attributes,
      { parcel in
        guard let parcel = unsafe parcel else { return nil }
        unsafe Unmanaged<ThreadStart>.fromOpaque(parcel).takeRetainedValue().run()
        return nil
      }, parcel.toOpaque())
    if failure != 0 { unsafe parcel.release() }
    return failure
  }
}

/// What ps, top and `/proc/PID/task/TID/comm` call a thread; the main thread's is its process's.
enum ThreadName {
  /// The kernel keeps 15 bytes.
  static let longest = 15

  /// Names the calling thread.
  static func set(_ name: String) { _ = unsafe sockinspect_prctl_name(name) }

  /// `demo-pool-w` and 3 make `demo-pool-w3`; the number survives when not all has room.
  static func numbered(_ name: String, _ number: Int) -> String {
    let digits = String(number)
    return name.prefix(max(0, longest - digits.count)) + digits
  }
}

/// Connections that wait for a thread of the pool; full when there are as many as it may hold.
@safe final class ConnectionQueue: @unchecked Sendable {
  private let limit: Int
  private var waiting: [Socket] = []
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
  func put(_ connection: Socket) {
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
  func take() -> Socket {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while waiting.isEmpty { unsafe pthread_cond_wait(changed, mutex) }
    if waiting.count == limit { unsafe pthread_cond_broadcast(changed) }
    return waiting.removeFirst()
  }
}
