import Glibc

/// The signals that end a harness in good order.
///
/// They are blocked and looked for between steps: no handler, so nothing shared with one, and no
/// step is ever interrupted half way.
enum HarnessSignals {
  private static let ending = [SIGINT, SIGTERM, SIGHUP]

  static func block() {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in ending { unsafe sigaddset(&set, signal) }
    unsafe sigprocmask(SIG_BLOCK, &set, nil)
  }

  /// Whether somebody has asked us to end.
  static var haveArrived: Bool {
    var set = sigset_t()
    unsafe sigpending(&set)
    return ending.contains { unsafe sigismember(&set, $0) == 1 }
  }
}
