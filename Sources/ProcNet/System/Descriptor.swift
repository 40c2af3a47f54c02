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
      unsafe path.withRawCString { unsafe Glibc.open($0, O_RDONLY | O_CLOEXEC | flags) }
    }
    return Descriptor(number)
  }

  /// Another descriptor of what one stands for, not inherited by children.
  init(copying other: Int32, _ attempt: String, _ subject: String) throws(KernelError) {
    number = try SystemCall.retrying(attempt, subject) { fcntl(other, F_DUPFD_CLOEXEC, 0) }
  }

  /// Opens a path as a process sees it whose root is this folder: links on the way stay below it.
  /// Needs Linux 5.6; before that, no link may be on the way.
  func openInRoot(
    _ path: String, flags: Int32 = 0, attempt: String = "read", called name: String
  ) throws(KernelError) -> Descriptor {
    // A pipe that somebody put there must not keep us waiting.
    let patience = flags & SOCKINSPECT_O_PATH == 0 ? O_NONBLOCK : 0
    let all = O_RDONLY | O_CLOEXEC | patience | flags
    let root = number
    do throws(KernelError) {
      return Descriptor(
        try SystemCall.retrying(attempt, name) {
          unsafe path.withRawCString { unsafe sockinspect_open_in_root(root, $0, all) }
        })
    } catch {
      guard error.number == ENOSYS else { throw error }
      return try openWithoutLinks(path, all, attempt, name)
    }
  }

  private func openWithoutLinks(
    _ path: String, _ flags: Int32, _ attempt: String, _ name: String
  ) throws(KernelError) -> Descriptor {
    let steps = path.split(separator: "/")
    guard !steps.contains("..") else { throw KernelError(attempt, name, .system(ELOOP)) }
    let root = number
    var last = Descriptor(
      try SystemCall.retrying(attempt, name) { fcntl(root, F_DUPFD_CLOEXEC, 0) })
    for (index, step) in steps.enumerated() {
      let folder = last.number
      let isEnd = index == steps.count - 1
      let flags =
        isEnd ? flags | O_NOFOLLOW : SOCKINSPECT_O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
      last = Descriptor(
        try SystemCall.retrying(attempt, name) {
          unsafe String(step).withRawCString { unsafe openat(folder, $0, flags) }
        })
    }
    return last
  }

  /// Opens a file that can be read at any place, and does not wait for a pipe's writer.
  ///
  /// - Parameter refusal: What is wrong with anything but a plain file.
  static func openPlainFile(
    _ path: String, else refusal: String
  ) throws(KernelError) -> Descriptor {
    let file = try open(path, flags: O_NONBLOCK)
    let kind = try file.status("read", called: path).st_mode & S_IFMT
    if kind == S_IFDIR { throw KernelError("read", path, .system(EISDIR)) }
    guard kind == S_IFREG else { throw KernelError("read", path, .malformed(refusal)) }
    return file
  }

  /// What `fstat` says of the open file.
  func status(_ attempt: String, called name: String) throws(KernelError) -> stat {
    var status = stat()
    let number = number
    _ = try SystemCall.retrying(attempt, name) { unsafe fstat(number, &status) }
    return status
  }

  /// Fills the buffer once; 0 at the end of the file.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, from path: String
  ) throws(KernelError) -> Int {
    try SystemCall.retrying("read", path) {
      unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
    }
  }

  /// Bytes of the open file.
  func size(of path: String) throws(KernelError) -> Int {
    Int(try status("read", called: path).st_size)
  }

  /// Fills memory from a place in a file on, as far as it goes, and answers how far that was.
  func fill(
    _ memory: UnsafeMutableRawBufferPointer, from offset: Int, of path: String
  ) throws(KernelError) -> Int {
    var filled = 0
    while filled < memory.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
      let count = try SystemCall.retrying("read", path) {
        unsafe pread(number, rest.baseAddress, rest.count, off_t(offset + filled))
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Whether what it stands for belongs to a `/proc`.
  var isInProc: Bool {
    var answer = [Int](repeating: 0, count: 32)
    return unsafe fstatfs(number, &answer) == 0 && answer[0] == SOCKINSPECT_PROC_SUPER_MAGIC
  }

  deinit { close(number) }
}
