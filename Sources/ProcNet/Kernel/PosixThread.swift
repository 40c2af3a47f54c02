import Glibc

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
