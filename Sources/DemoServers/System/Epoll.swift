import CLinux
import Glibc

/// Waits for many descriptors at once (`epoll`, level-triggered); each is known by a number.
struct Epoll: ~Copyable {
  private let descriptor: Int32

  /// What to wait for; errors and the end of both directions are always reported.
  struct Interest: OptionSet, Sendable {
    let rawValue: UInt32

    static let read = Interest(rawValue: SOCKINSPECT_EPOLLIN)
    static let write = Interest(rawValue: SOCKINSPECT_EPOLLOUT)
    /// The other side has finished sending; reported even while nothing is read.
    static let hangUp = Interest(rawValue: SOCKINSPECT_EPOLLRDHUP)
    /// Reported unasked: EPOLLERR and EPOLLHUP.
    static let end = Interest(rawValue: 0x18)
  }

  struct Event {
    /// What the descriptor was added as: its own number unless another was given.
    let key: UInt64
    let what: Interest

    var descriptor: Int32 { Int32(truncatingIfNeeded: key) }
  }

  init() throws(DemoError) {
    descriptor = try SystemCall.retrying("make an epoll instance") {
      epoll_create1(SOCKINSPECT_EPOLL_CLOEXEC)
    }
  }

  deinit { close(descriptor) }

  /// Closing a descriptor takes it out again.
  func add(_ number: Int32, as key: UInt64? = nil, _ interest: Interest) throws(DemoError) {
    try control(SOCKINSPECT_EPOLL_CTL_ADD, number, key, interest)
  }

  func change(_ number: Int32, as key: UInt64? = nil, _ interest: Interest) throws(DemoError) {
    try control(SOCKINSPECT_EPOLL_CTL_MOD, number, key, interest)
  }

  /// Also for one that is not in it.
  func remove(_ number: Int32) { try? control(SOCKINSPECT_EPOLL_CTL_DEL, number, 0, []) }

  private func control(
    _ operation: Int32, _ number: Int32, _ key: UInt64?, _ interest: Interest
  ) throws(DemoError) {
    let key = key ?? UInt64(UInt32(bitPattern: number))
    var event = sockinspect_epoll_event(events: interest.rawValue, data: key)
    _ = try SystemCall.retrying("watch a descriptor") {
      unsafe epoll_ctl(descriptor, operation, number, &event)
    }
  }

  /// What happened, after this many milliseconds at most; -1 waits for ever.
  func wait(milliseconds: Int32 = -1) throws(DemoError) -> [Event] {
    let (events, number) = unsafe withUnsafeTemporaryAllocation(
      of: sockinspect_epoll_event.self, capacity: 512
    ) { happened -> ([Event], Int32) in
      let count = unsafe epoll_wait(descriptor, happened.baseAddress, 512, milliseconds)
      let number = count < 0 ? errno : 0
      let events = unsafe happened.prefix(Int(max(count, 0))).map {
        Event(key: $0.data, what: Interest(rawValue: $0.events))
      }
      return (events, number)
    }
    if number != 0, number != EINTR { throw SystemCall.failure("wait for events", number) }
    return events
  }
}

/// Waits for a few descriptors of any kind, files too (`poll`).
enum Poll {
  /// A descriptor and what is waited for, or what can be done now; without either it is left out.
  struct Wait {
    var descriptor: Int32
    var reads: Bool
    var writes: Bool

    init(_ descriptor: Int32, reads: Bool = false, writes: Bool = false) {
      self.descriptor = descriptor
      self.reads = reads
      self.writes = writes
    }
  }

  /// What can be done, in the same order. An error or an end can be read and written.
  static func wait(_ waits: [Wait], milliseconds: Int32) throws(DemoError) -> [Wait] {
    var polled = waits.map(entry)
    let count = unsafe polled.withUnsafeMutableBufferPointer {
      unsafe poll($0.baseAddress, nfds_t($0.count), milliseconds)
    }
    let number = errno
    if count < 0, number != EINTR { throw SystemCall.failure("wait", number) }
    return zip(waits, polled).map { answer($0, Int32(count > 0 ? $1.revents : 0)) }
  }

  /// Whether one descriptor can be read, or is at its end, within this many milliseconds.
  static func isReadable(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&waiting, 1, milliseconds) > 0
  }

  /// A negative descriptor is passed over.
  private static func entry(_ wait: Wait) -> pollfd {
    let events = (wait.reads ? POLLIN : 0) | (wait.writes ? POLLOUT : 0)
    return pollfd(
      fd: events == 0 ? -1 : wait.descriptor, events: Int16(events), revents: 0)
  }

  private static func answer(_ wait: Wait, _ happened: Int32) -> Wait {
    let end = POLLERR | POLLHUP | POLLNVAL
    return Wait(
      wait.descriptor, reads: wait.reads && happened & (Int32(POLLIN) | end) != 0,
      writes: wait.writes && happened & (Int32(POLLOUT) | end) != 0)
  }
}

/// What a person types, or a pipe delivers: a descriptor that is read but never closed.
public struct ClientInput: Sendable {
  let descriptor: Int32

  public static let standard = ClientInput(descriptor: 0)

  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// A pipe, a socket, or our own terminal, whose end one can wait for. Files and /dev/null are at
  /// their end from the start, and a terminal belongs to the process group in its foreground.
  var canBeAwaited: Bool {
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { return false }
    let kind = facts.st_mode & S_IFMT
    return kind == S_IFIFO || kind == S_IFSOCK || isTerminal && isForeground
  }

  private var isForeground: Bool { tcgetpgrp(descriptor) == getpgrp() }

  /// What there is, at most 64 KiB; empty at the end, and after an error, such as that of a
  /// process in the background reading its terminal.
  func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 { return Array(buffer[..<count]) }
      if errno != EINTR { return [] }
    }
  }

  /// Whether it has ended, after this many milliseconds at most. What comes before is dropped.
  func hasEnded(within milliseconds: Int32) -> Bool {
    Poll.isReadable(descriptor, within: milliseconds) && read().isEmpty
  }
}
