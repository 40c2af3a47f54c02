import Glibc
import Synchronization

/// Receives the rest of a long dump on a second thread, while the first one works on what has
/// arrived: the kernel fills the next buffer meanwhile.
///
/// A ring of buffers between one producer and one consumer. Two semaphores count the filled and
/// the free ones; a buffer belongs to whoever was let through for it, which is what makes the
/// unchecked sharing safe.
@safe final class NetlinkPrefetch: @unchecked Sendable {
  private static let slots = 8
  /// The kernel builds parts of a dump of 32 KiB at most.
  private static let room = 64 * 1024

  private let descriptor: Int32
  private let buffers = (0..<slots).map { _ in ByteBuffer(capacity: room) }
  /// How many bytes a slot holds; 0 at the end, negative for an error number.
  private let counts: UnsafeMutablePointer<Int>
  private let filled: UnsafeMutablePointer<sem_t>
  private let free: UnsafeMutablePointer<sem_t>
  private let isStopped = Atomic(false)

  init(descriptor: Int32) {
    self.descriptor = descriptor
    unsafe counts = .allocate(capacity: Self.slots)
    unsafe counts.initialize(repeating: 0, count: Self.slots)
    unsafe filled = .allocate(capacity: 1)
    unsafe free = .allocate(capacity: 1)
    unsafe sem_init(filled, 0, 0)
    unsafe sem_init(free, 0, UInt32(Self.slots))
  }

  deinit {
    unsafe sem_destroy(filled)
    unsafe sem_destroy(free)
    unsafe counts.deallocate()
    unsafe filled.deallocate()
    unsafe free.deallocate()
  }

  /// Passes on datagrams until told to stop. Answers false, having received nothing, when there
  /// is no thread to be had.
  func run(
    _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) -> Bool {
    guard let thread = PosixThread.start({ [self] in produce() }) else { return false }
    defer {
      isStopped.store(true, ordering: .releasing)
      unsafe sem_post(free)
      pthread_join(thread, nil)
    }
    try consume(datagram)
    return true
  }

  private func produce() {
    var slot = 0
    while true {
      unsafe Self.wait(free)
      if isStopped.load(ordering: .acquiring) { return }
      let count = receive(into: buffers[slot])
      unsafe counts[slot] = count
      unsafe sem_post(filled)
      if count <= 0 { return }
      slot = (slot + 1) % Self.slots
    }
  }

  /// The next part of a dump is built while the one before it is taken, so there is always one
  /// until the end, and waiting would only hang.
  private func receive(into buffer: ByteBuffer) -> Int {
    while true {
      let count = unsafe recv(
        descriptor, buffer.memory.baseAddress, buffer.capacity,
        Int32(MSG_TRUNC) | Int32(MSG_DONTWAIT))
      if count >= 0 { return count }
      let number = errno
      if number == EAGAIN { return 0 }
      if number != EINTR { return -Int(number) }
    }
  }

  private func consume(
    _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    var slot = 0
    while true {
      unsafe Self.wait(filled)
      let count = unsafe counts[slot]
      try NetlinkSocket.check(count, room: Self.room)
      let buffer = buffers[slot]
      if case .complete = try datagram(buffer.span(count)) { return }
      unsafe sem_post(free)
      slot = (slot + 1) % Self.slots
    }
  }

  private static func wait(_ semaphore: UnsafeMutablePointer<sem_t>) {
    while unsafe sem_wait(semaphore) != 0 {}
  }
}
