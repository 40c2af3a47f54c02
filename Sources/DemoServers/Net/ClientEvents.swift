import CLinux
import Glibc

/// Waits for many descriptors at once (`epoll`, level-triggered); each is known by a number.
struct ClientEvents: ~Copyable {
  private let descriptor: Int32
  private var happened: [sockinspect_epoll_event]

  /// What to wait for; errors and the end of both directions are always told.
  struct Interest: OptionSet, Sendable {
    let rawValue: UInt32

    static let read = Interest(rawValue: SOCKINSPECT_EPOLLIN)
    static let write = Interest(rawValue: SOCKINSPECT_EPOLLOUT)
    /// The other side has finished sending; told even while nothing is read.
    static let hangUp = Interest(rawValue: SOCKINSPECT_EPOLLRDHUP)
    /// Told unasked: EPOLLERR and EPOLLHUP.
    static let end = Interest(rawValue: 0x18)
  }

  struct Event {
    /// What the descriptor was added as.
    var key: UInt64
    var what: Interest
  }

  init() throws(DemoError) {
    descriptor = try SystemCall.retrying("open an epoll instance") {
      epoll_create1(SOCKINSPECT_EPOLL_CLOEXEC)
    }
    happened = Array(repeating: sockinspect_epoll_event(), count: 512)
  }

  deinit { close(descriptor) }

  /// Closing a descriptor takes it out again.
  func add(_ number: Int32, as key: UInt64, _ interest: Interest) throws(DemoError) {
    try control(SOCKINSPECT_EPOLL_CTL_ADD, number, key, interest)
  }

  func change(_ number: Int32, as key: UInt64, _ interest: Interest) throws(DemoError) {
    try control(SOCKINSPECT_EPOLL_CTL_MOD, number, key, interest)
  }

  func remove(_ number: Int32) throws(DemoError) {
    try control(SOCKINSPECT_EPOLL_CTL_DEL, number, 0, [])
  }

  private func control(
    _ operation: Int32, _ number: Int32, _ key: UInt64, _ interest: Interest
  ) throws(DemoError) {
    var event = sockinspect_epoll_event(events: interest.rawValue, data: key)
    _ = try SystemCall.retrying("watch a connection") {
      unsafe epoll_ctl(descriptor, operation, number, &event)
    }
  }

  /// What happened, after so many milliseconds at most.
  mutating func wait(milliseconds: Int32) throws(DemoError) -> [Event] {
    let count = unsafe happened.withUnsafeMutableBufferPointer {
      unsafe epoll_wait(descriptor, $0.baseAddress, Int32($0.count), milliseconds)
    }
    if count >= 0 {
      return happened[..<Int(count)].map {
        Event(key: $0.data, what: Interest(rawValue: $0.events))
      }
    }
    let number = errno
    if number == EINTR { return [] }
    throw SystemCall.failure("wait for the connections", number)
  }
}
