import CLinux
import Glibc

/// Signals of the calling thread, and what the process does when one comes.
enum Signals {
  /// Those that ask a program to end.
  static let ending = [SIGINT, SIGTERM, SIGHUP]

  static func set(_ numbers: [Int32]) -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    return set
  }

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

  /// From here on they stay pending instead of being delivered; answers what was blocked before.
  @discardableResult static func block(_ numbers: [Int32]) -> sigset_t {
    var signals = set(numbers)
    var before = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, &signals, &before)
    return before
  }

  /// Whether one of them is pending.
  static func arePending(_ numbers: [Int32]) -> Bool {
    var set = sigset_t()
    unsafe sigpending(&set)
    return numbers.contains { unsafe sigismember(&set, $0) == 1 }
  }

  static func ignore(_ number: Int32) { signal(number, SIG_IGN) }

  static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// Runs a function whenever the signal comes, with all other signals held back; a function that
  /// does only what is safe in the middle of anything (signal-safety(7)).
  static func handle(
    _ number: Int32, flags: Int32 = SA_RESTART,
    _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = flags
    unsafe sigfillset(&action.sa_mask)
    unsafe sigaction(number, &action, nil)
    var one = set([number])
    unsafe pthread_sigmask(SIG_UNBLOCK, &one, nil)
  }
}

/// The signals that ask a client to end, as a descriptor to wait for (`signalfd`).
///
/// Nothing runs at a moment of the kernel's choosing, so no state is shared with a handler.
struct SignalDescriptor: ~Copyable {
  let descriptor: Int32
  private let before: sigset_t

  /// From here on the signals are read instead of ending the process, as far as this thread is
  /// concerned.
  init() throws(DemoError) {
    before = Signals.block(Signals.ending)
    var signals = Signals.set(Signals.ending)
    descriptor = try SystemCall.retrying("wait for signals") {
      unsafe signalfd(-1, &signals, SOCKINSPECT_SFD_CLOEXEC | SOCKINSPECT_SFD_NONBLOCK)
    }
  }

  /// Takes the signals that came, or they would end the process as soon as they may, and lets new
  /// ones do so again.
  deinit {
    var facts = [UInt8](repeating: 0, count: 128)
    while unsafe read(descriptor, &facts, facts.count) > 0 {}
    var mask = before
    unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
    close(descriptor)
  }
}
