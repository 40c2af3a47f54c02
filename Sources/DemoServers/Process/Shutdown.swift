import Glibc
import Synchronization

/// The end of a server: SIGINT, SIGTERM, SIGHUP, or the alarm of `--for`.
///
/// The signal's handler does everything itself, wherever the program happens to be. So the
/// threads can wait in plain accept, recv and futex calls, which is how servers look that get
/// stuck, and no loop has to ask whether it is over. A handler may only do what is safe in the
/// middle of anything (signal-safety(7)): no memory is taken, no lock, no String.
public enum Shutdown {
  /// A handler is given nothing but the signal's number, so what it needs has to be global: atomic
  /// words, set before they are needed.
  private static let children = ChildTable()
  private static let memory = Atomic<Int>(-1)
  private static let connections = Atomic<Int>(0)

  /// From now on the signals end the process with status 0, and after so many seconds as well.
  static func prepare(after seconds: Double?) {
    children.touch()
    for number in [SIGINT, SIGTERM, SIGHUP, SIGALRM] {
      handle(number) { _ in Shutdown.now() }
    }
    for number in crashes where !isIgnored(number) {
      handle(number, flags: Int32(bitPattern: SA_RESETHAND)) { number in
        RemovedFile.remove()
        raise(number)
      }
    }
    guard let seconds else { return }
    let bounded = min(max(seconds, 0.000_001), 1e9)
    var timer = itimerval()
    timer.it_value.tv_sec = Int(bounded)
    timer.it_value.tv_usec = Int((bounded - bounded.rounded(.down)) * 1e6)
    unsafe setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
  }

  /// A child to be ended first.
  static func endsFirst(_ child: pid_t) { children.insert(child) }

  /// Waits for a child that has ended; answers which, nil when there is none.
  static func reap(waiting: Bool) -> pid_t? { children.reap(waiting: waiting) }

  /// The closing report of an event loop: bytes for each connection, at so many of them.
  static func reports(memory bytes: Int, connections count: Int) {
    connections.store(count, ordering: .relaxed)
    memory.store(bytes, ordering: .releasing)
  }

  /// Signals that say that the program is broken, and Ctrl-\. They have their way, children die
  /// with their parent; only a file has to be removed first.
  private static let crashes = [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  private static func handle(
    _ number: Int32, flags: Int32 = SA_RESTART,
    _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = flags
    unsafe sigfillset(&action.sa_mask)
    unsafe sigaction(number, &action, nil)
    var one = sigset_t()
    unsafe sigemptyset(&one)
    unsafe sigaddset(&one, number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &one, nil)
  }

  /// Reaps children whenever one ends, for a parent that is waiting for something else.
  static func reapsAlong() {
    handle(SIGCHLD) { _ in
      let before = errno
      while Shutdown.reap(waiting: false) != nil {}
      errno = before
    }
  }

  static func now() -> Never {
    cleanUp()
    let bytes = memory.load(ordering: .acquiring)
    if bytes >= 0 {
      FinalStatistics.write(bytes: bytes, connections: connections.load(ordering: .relaxed))
    }
    _exit(0)
  }

  /// Leaves no child and no file behind.
  static func cleanUp() {
    children.endAll()
    RemovedFile.remove()
  }
}
