import Glibc

/// Waits for a few descriptors of any kind, files too (`poll`).
enum ClientPoll {
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
