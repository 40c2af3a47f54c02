import Glibc
import Synchronization

/// The signals that a full-screen program has to know of, as something to wait for.
///
/// Orderly ones are written into a pipe, one byte each. Those that say that the program is broken
/// (and Ctrl-\, which asks for a core dump) give the terminal back first and then have their way.
struct TerminalSignals: ~Copyable {
  /// The end to wait for.
  let descriptor: Int32
  private let writingEnd: Int32
  /// What a handler writes to.
  private static let pipe = Atomic<Int32>(-1)

  private static let orderly = [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT]
  private static let fatal = [
    SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS,
  ]

  init() {
    var ends: [Int32] = [-1, -1]
    _ = unsafe Glibc.pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, writingEnd) = (ends[0], ends[1])
    Self.pipe.store(ends[1], ordering: .releasing)
    for number in Self.orderly { Self.listen(to: number) }
    Self.unblock(Self.orderly + Self.fatal)
    for number in Self.fatal { Self.handle(number, Int32(bitPattern: SA_RESETHAND), Self.rescue) }
  }

  deinit {
    for number in Self.orderly + Self.fatal where !Self.isIgnored(number) {
      _ = signal(number, SIG_DFL)
    }
    Self.pipe.store(-1, ordering: .releasing)
    close(descriptor)
    close(writingEnd)
  }

  /// The signals that came since, in order.
  func take() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map { Int32($0) } : []
  }

  /// Stops as Ctrl-Z means it; comes back when somebody lets us go on.
  func stop() {
    _ = signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    Self.listen(to: SIGTSTP)
  }

  /// Who started us may have asked to be left alone with a signal, as nohup does.
  private static func listen(to number: Int32) {
    guard !isIgnored(number) else { return }
    handle(number, SA_RESTART, note)
  }

  /// A parent's thread that took no signals hands that on to its children.
  private static func unblock(_ numbers: [Int32]) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return handler == 1
  }

  private static func handle(
    _ number: Int32, _ flags: Int32, _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = flags
    unsafe sigemptyset(&action.sa_mask)
    unsafe sigaction(number, &action, nil)
  }

  private static let note: @convention(c) (Int32) -> Void = { number in
    let before = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = unsafe write(TerminalSignals.pipe.load(ordering: .acquiring), &byte, 1)
    errno = before
  }

  /// The handler is gone once it has been called, so the signal that is raised again ends us.
  private static let rescue: @convention(c) (Int32) -> Void = { number in
    TerminalRestorer.giveBack()
    raise(number)
  }
}
