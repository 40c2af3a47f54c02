import CLinux
import Glibc

/// The signals that ask a client to end, as a descriptor to wait for (`signalfd`).
///
/// Nothing runs at a moment of the kernel's choosing, so no state is shared with a handler.
struct ClientSignals: ~Copyable {
  let descriptor: Int32
  private let before: sigset_t

  /// From here on SIGINT, SIGTERM and SIGHUP are read instead of ending the process, as far as
  /// this thread is concerned.
  init() throws(DemoError) {
    var signals = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, &before)
    descriptor = try SystemCall.retrying("wait for signals") {
      unsafe signalfd(-1, &signals, SOCKINSPECT_SFD_CLOEXEC | SOCKINSPECT_SFD_NONBLOCK)
    }
    self.before = before
  }

  /// Takes the signals that came, or they would end the process as soon as they may, and lets new
  /// ones do so again.
  deinit {
    var facts = [UInt8](repeating: 0, count: 128)
    while unsafe facts.withUnsafeMutableBytes({
      unsafe read(descriptor, $0.baseAddress, $0.count)
    }) > 0 {}
    var mask = before
    unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
    close(descriptor)
  }
}
