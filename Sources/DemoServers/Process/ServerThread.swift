import Glibc

/// A thread of a server, with a name.
enum ServerThread {
  /// Much smaller than the usual 8 MiB: a thousand threads should not run out of addresses.
  private static let stack = 256 << 10

  /// Starts a thread that nobody waits for. Ending signals go to the main thread.
  static func start(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) throws(DemoError) {
    let errand = ThreadStart {
      ThreadName.set(name)
      body()
    }
    let failure = errand.start(stack: stack)
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
