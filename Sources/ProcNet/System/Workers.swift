import Glibc
import Synchronization

/// Threads that help the caller with its work, started only once there turns out to be enough.
///
/// A thread costs about 50 µs, as much as a dozen descriptors, and how much work there is often
/// shows only on the way. So the caller begins alone and calls `summon` when it has seen enough.
final class Workers<Result: Sendable>: Sendable {
  private let work: @Sendable () -> Result
  private let results = Mutex<[Result]>([])
  private let threads = Mutex<[pthread_t]>([])

  /// The work of one helper, which runs once on each thread.
  init(_ work: @escaping @Sendable () -> Result) {
    self.work = work
  }

  /// Starts helpers so that they and the caller keep every processor busy; once only.
  func summon(atMost limit: Int = 15) {
    threads.withLock { threads in
      guard threads.isEmpty else { return }
      for _ in 0..<min(limit, Self.onlineProcessors - 1) {
        guard let thread = start() else { return }
        threads.append(thread)
      }
    }
  }

  /// Waits until the helpers are done; their results in no particular order.
  func finish() -> [Result] {
    let running = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in running { pthread_join(thread, nil) }
    return results.withLock { $0 }
  }

  /// Processors that are switched on, at least 1.
  static var onlineProcessors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// No thread, say because of a limit on processes, is no failure: the caller does the work alone.
  private func start() -> pthread_t? {
    PosixThread.start { [self] in
      let result = work()
      results.withLock { $0.append(result) }
    }
  }
}

/// Tasks that several threads take, each task once.
final class WorkQueue<Task: Sendable>: Sendable {
  private let waiting: Mutex<[Task]>

  /// Taken in this order.
  init(_ tasks: [Task]) { waiting = Mutex(tasks.reversed()) }

  /// The next task; nil when all are given away.
  func take() -> Task? { waiting.withLock { $0.popLast() } }

  /// Puts what is left in the order of falling effort, so that no thread is left alone with a
  /// large task at the end.
  func takeLargestFirst(_ effort: (Task) -> Int64) {
    waiting.withLock { tasks in
      let sized = tasks.map { (task: $0, effort: effort($0)) }
      tasks = sized.sorted { $0.effort < $1.effort }.map(\.task)
    }
  }
}

/// A thread of the C library that runs one closure.
final class PosixThread: Sendable {
  private let run: @Sendable () -> Void

  private init(_ run: @escaping @Sendable () -> Void) { self.run = run }

  /// Starts a thread, to be joined by the caller; nil when the system gives none.
  ///
  /// It takes no signals: who waits for one waits on the thread that the program began with.
  static func start(_ run: @escaping @Sendable () -> Void) -> pthread_t? {
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    return PosixThread(run).start()
  }

  /// A C function takes no closure with a context, so the context travels as a pointer.
  private func start() -> pthread_t? {
    var thread = pthread_t()
    let parcel = unsafe Unmanaged.passRetained(self)
    let failure = unsafe pthread_create(
      &thread, nil,
      { parcel in
        guard let parcel = unsafe parcel else { return nil }
        unsafe Unmanaged<PosixThread>.fromOpaque(parcel).takeRetainedValue().run()
        return nil
      }, parcel.toOpaque())
    guard failure != 0 else { return thread }
    unsafe parcel.release()
    return nil
  }
}
