import Glibc

/// Signals of the calling thread.
enum Signals {
  /// Runs something in whose middle no signal may come.
  static func heldBack<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
  }

  static func ignore(_ number: Int32) { signal(number, SIG_IGN) }
}
