import CLinux
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

  /// Another descriptor of what one stands for, not inherited by children.
  init(copying other: Int32, _ attempt: String, _ subject: String) throws(KernelError) {
    number = try SystemCall.retrying(attempt, subject) { fcntl(other, F_DUPFD_CLOEXEC, 0) }
  }

  /// Fills the buffer once; 0 at the end of the file.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, from path: String
  ) throws(KernelError) -> Int {
    try SystemCall.retrying("read", path) {
      unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
    }
  }

  /// Whether what it stands for belongs to a `/proc`.
  var isInProc: Bool {
    var answer = [Int](repeating: 0, count: 32)
    return unsafe fstatfs(number, &answer) == 0 && answer[0] == SOCKINSPECT_PROC_SUPER_MAGIC
  }

  deinit { close(number) }
}
