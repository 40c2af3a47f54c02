import CLinux
import Glibc
import Synchronization

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

/// The end of a server: SIGINT, SIGTERM, SIGHUP, or the alarm of `--for`.
///
/// The signal's handler does everything itself, wherever the program happens to be. So the
/// threads can wait in plain accept, recv and futex calls, which is how servers look that get
/// stuck, and no loop has to ask whether it is over. It takes no memory, no lock and no String
/// (signal-safety(7)).
enum Shutdown {
  /// A handler is given nothing but the signal's number, so what it needs has to be global: atomic
  /// words, set before they are needed.
  private static let children = ChildTable()
  private static let memory = Atomic<Int>(-1)
  private static let connections = Atomic<Int>(0)

  /// From now on the signals end the process with status 0, and so does the alarm.
  static func prepare(after seconds: Double?) {
    children.touch()
    for number in Signals.ending + [SIGALRM] {
      Signals.handle(number) { _ in Shutdown.now() }
    }
    for number in crashes where !Signals.isIgnored(number) {
      Signals.handle(number, flags: Int32(bitPattern: SA_RESETHAND)) { number in
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

  /// The closing report of an event loop: bytes for each connection, at a number of them.
  static func reports(memory bytes: Int, connections count: Int) {
    connections.store(count, ordering: .relaxed)
    memory.store(bytes, ordering: .releasing)
  }

  /// Signals that say that the program is broken, and Ctrl-\. They have their way, children die
  /// with their parent; only a file has to be removed first.
  private static let crashes = [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  /// Reaps children whenever one ends, for a parent that is waiting for something else.
  static func reapsAlong() {
    Signals.handle(SIGCHLD) { _ in
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

/// The children of this process that have not been reaped, readable in a signal handler.
///
/// A number leaves the table before its child is reaped: a number in it is never another process's.
final class ChildTable: Sendable {
  /// A child that finds no room is still ended by the death of its parent, a moment later.
  private static let room = 1024
  private let slots = InlineArray<1024, Atomic<Int32>> { _ in Atomic(0) }

  /// Makes sure that the table exists before a handler wants it, and that the runtime knows the
  /// types which walking through it needs.
  func touch() { replace(0, with: 0) }

  func insert(_ child: pid_t) { replace(0, with: child) }

  /// Takes out and reaps one child that has ended.
  func reap(waiting: Bool) -> pid_t? {
    var found = unsafe siginfo_t()
    let options = WEXITED | WNOWAIT | (waiting ? 0 : WNOHANG)
    while unsafe waitid(P_ALL, 0, &found, options) == -1 {
      if errno != EINTR { return nil }
    }
    let child = unsafe found._sifields._sigchld.si_pid
    guard child > 0 else { return nil }
    replace(child, with: 0)
    waitpid(child, nil, 0)
    return child
  }

  /// SIGKILL, because a child may be asleep in its handler on purpose; then waits for each.
  func endAll() {
    for index in slots.indices {
      let child = slots[index].load(ordering: .acquiring)
      if child > 0 { kill(child, SIGKILL) }
    }
    for index in slots.indices {
      let child = slots[index].load(ordering: .acquiring)
      if child > 0 { waitpid(child, nil, 0) }
    }
  }

  private func replace(_ old: Int32, with new: Int32) {
    for index in slots.indices
    where slots[index].compareExchange(
      expected: old, desired: new, ordering: .acquiringAndReleasing
    ).exchanged {
      return
    }
  }
}

/// A file of ours that is removed at the end: this one, not another that has its name by then.
///
/// Other users who may write in the folder can give the name to something else at any time. So the
/// folder is kept open, and before the name goes, device and inode behind it are compared. What the
/// file belongs to (a listening socket, a descriptor) is open until the end, so its inode is not
/// given to another file.
enum RemovedFile {
  /// A signal's handler is given nothing, so they are global: atomic words, the name set last.
  private static let folder = Atomic<Int32>(-1)
  private static let device = Atomic<UInt>(0)
  private static let inode = Atomic<UInt>(0)
  private static let name = Atomic<UInt>(0)

  /// To be called at once after the file was made. What is not there, or another user's, is not
  /// removed.
  static func set(_ path: String) {
    let (folderPath, last) = Self.parts(path)
    let folder = unsafe open(folderPath, SOCKINSPECT_O_PATH | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    var status = stat()
    guard unsafe fstatat(folder, last, &status, AT_SYMLINK_NOFOLLOW) == 0,
      status.st_uid == geteuid()
    else {
      close(folder)
      return
    }
    Self.folder.store(folder, ordering: .relaxed)
    device.store(UInt(status.st_dev), ordering: .relaxed)
    inode.store(UInt(status.st_ino), ordering: .relaxed)
    name.store(UInt(bitPattern: unsafe strdup(last)), ordering: .releasing)
  }

  /// Safe in a signal's handler.
  static func remove() {
    guard let last = unsafe UnsafePointer<CChar>(bitPattern: name.load(ordering: .acquiring))
    else { return }
    let folder = Self.folder.load(ordering: .relaxed)
    var status = stat()
    guard unsafe fstatat(folder, last, &status, AT_SYMLINK_NOFOLLOW) == 0,
      UInt(status.st_dev) == device.load(ordering: .relaxed),
      UInt(status.st_ino) == inode.load(ordering: .relaxed)
    else { return }
    unsafe unlinkat(folder, last, 0)
  }

  /// The folder and the name in it.
  private static func parts(_ path: String) -> (String, String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }
}

/// The last line of an event loop, written without taking memory: a signal handler writes it.
private enum FinalStatistics {
  /// `memory: 640 bytes a connection at 10000 connections`.
  static func write(bytes: Int, connections: Int) {
    put("memory: ")
    put(bytes)
    put(" bytes a connection in this process, at ")
    put(connections)
    put(" connections\n")
  }

  private static func put(_ text: StaticString) {
    _ = unsafe Glibc.write(1, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func put(_ number: Int) {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = UInt(max(number, 0))
      var start = 20
      repeat {
        start -= 1
        unsafe digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      _ = unsafe Glibc.write(1, digits.baseAddress?.advanced(by: start), 20 - start)
    }
  }
}
