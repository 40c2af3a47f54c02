import Glibc
import Synchronization

/// Reads the rest of a long file on a second thread, as fast as the kernel gives it, while the
/// first one works on what has arrived.
///
/// The kernel writes a table of sockets anew for each read and finds its place again: the longer
/// the reading takes on a busy host, the more sockets it meets twice or passes over. So the reading
/// never waits for the work, and what is read stays in memory until it is worked on, at worst the
/// whole file.
@safe final class FilePrefetch: @unchecked Sendable {
  /// Bytes in a part; the kernel fills a page of it at a time.
  private static let size = 128 * 1024

  /// A buffer belongs to one thread at a time: who takes a part out has it alone.
  private enum Part: @unchecked Sendable {
    case bytes(ByteBuffer, Int)
    case end
    case failure(KernelError)
  }

  private let file: Int32
  private let path: String
  private let parts = Mutex<[Part]>([])
  private let filled: UnsafeMutablePointer<sem_t>
  private let isStopped = Atomic(false)

  init(file: Int32, path: String) {
    self.file = file
    self.path = path
    unsafe filled = .allocate(capacity: 1)
    unsafe sem_init(filled, 0, 0)
  }

  deinit {
    unsafe sem_destroy(filled)
    unsafe filled.deallocate()
  }

  /// Passes on what is left of the file. Answers false, having read nothing, when there is no
  /// thread to be had.
  func run(_ piece: (Span<UInt8>) throws(KernelError) -> Void) throws(KernelError) -> Bool {
    guard let thread = PosixThread.start({ [self] in produce() }) else { return false }
    defer {
      isStopped.store(true, ordering: .releasing)
      pthread_join(thread, nil)
    }
    while true {
      while unsafe sem_wait(filled) != 0 {}
      switch parts.withLock({ $0.removeFirst() }) {
      case .bytes(let buffer, let count): try piece(buffer.span(count))
      case .end: return true
      case .failure(let error): throw error
      }
    }
  }

  private func produce() {
    while !isStopped.load(ordering: .acquiring) {
      let buffer = ByteBuffer(capacity: Self.size)
      var count = 0
      var last: Part?
      while last == nil, buffer.capacity - count >= 4096 {
        do throws(KernelError) {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[count...])
          let more = try SystemCall.retrying("read", path) {
            unsafe read(file, rest.baseAddress, rest.count)
          }
          if more == 0 { last = .end }
          count += more
        } catch { last = .failure(error) }
      }
      if count > 0 { pass(.bytes(buffer, count)) }
      if let last { return pass(last) }
    }
  }

  private func pass(_ part: Part) {
    parts.withLock { $0.append(part) }
    unsafe sem_post(filled)
  }
}
