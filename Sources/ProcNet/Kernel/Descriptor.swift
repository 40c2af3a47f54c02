import Glibc

/// A file descriptor that closes itself; it can be moved, not copied.
struct Descriptor: ~Copyable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  /// Opens a path read-only, not inherited by children.
  static func open(
    _ path: String, flags: Int32 = 0, attempt: String = "read"
  ) throws(KernelError) -> Descriptor {
    let number = try SystemCall.retrying(attempt, path) {
      unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | flags)
    }
    return Descriptor(number)
  }

  /// Fills the buffer once; 0 at the end of the file.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, from path: String
  ) throws(KernelError) -> Int {
    try SystemCall.retrying("read", path) {
      unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
    }
  }

  deinit { close(number) }
}
