import CLinux
import Glibc

/// An epoll instance whose events carry descriptors.
struct Poll: ~Copyable {
  private let descriptor: Int32

  init() throws(DemoError) {
    descriptor = try SystemCall.retrying("make an epoll instance") {
      epoll_create1(SOCKINSPECT_EPOLL_CLOEXEC)
    }
  }

  deinit { close(descriptor) }

  func watch(_ watched: Int32, _ events: UInt32) throws(DemoError) {
    try control(SOCKINSPECT_EPOLL_CTL_ADD, watched, events)
  }

  func change(_ watched: Int32, _ events: UInt32) throws(DemoError) {
    try control(SOCKINSPECT_EPOLL_CTL_MOD, watched, events)
  }

  /// Also for one that is not watched.
  func forget(_ watched: Int32) { try? control(SOCKINSPECT_EPOLL_CTL_DEL, watched, 0) }

  /// Waits until something happens; answers the descriptors that it happened to.
  func wait() -> [Int32] {
    unsafe withUnsafeTemporaryAllocation(of: sockinspect_epoll_event.self, capacity: 256) {
      events in
      let count = unsafe epoll_wait(descriptor, events.baseAddress, 256, -1)
      return unsafe events.prefix(Int(max(count, 0))).map { Int32(truncatingIfNeeded: $0.data) }
    }
  }

  private func control(
    _ operation: Int32, _ watched: Int32, _ events: UInt32
  ) throws(DemoError) {
    var event = sockinspect_epoll_event(events: events, data: UInt64(UInt32(bitPattern: watched)))
    _ = try SystemCall.retrying("watch a descriptor") {
      unsafe epoll_ctl(descriptor, operation, watched, &event)
    }
  }
}
