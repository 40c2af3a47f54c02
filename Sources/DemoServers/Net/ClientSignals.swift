import CLinux
import Glibc

/// The signals that ask a client to end, as a descriptor to wait for (`signalfd`).
///
/// Nothing runs at a moment of the kernel's choosing, so no state is shared with a handler.
struct ClientSignals: ~Copyable {
  let descriptor: Int32

  /// From here on SIGINT, SIGTERM and SIGHUP are read instead of ending the process.
  init() throws(DemoError) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    descriptor = try SystemCall.retrying("wait for signals") {
      unsafe signalfd(-1, &signals, SOCKINSPECT_SFD_CLOEXEC | SOCKINSPECT_SFD_NONBLOCK)
    }
  }

  deinit { close(descriptor) }
}
