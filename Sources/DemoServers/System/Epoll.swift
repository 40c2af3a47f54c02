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
