import CLinux
import Glibc
import Synchronization

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

  /// Opens a file that can be read at any place, and does not wait for a pipe's writer. Of anything
  /// but a plain file the error says what is wrong with it.
  static func openPlainFile(
    _ path: String, else refusal: String
  ) throws(KernelError) -> Descriptor {
    let file = try open(path, flags: O_NONBLOCK)
    let kind = try file.status("read", called: path).st_mode & S_IFMT
    if kind == S_IFDIR { throw KernelError("read", path, .system(EISDIR)) }
    guard kind == S_IFREG else { throw KernelError("read", path, .malformed(refusal)) }
    return file
  }

  /// Standard input as a file that can be read at any place: what comes through a pipe is kept in
  /// memory, up to 2 GiB. The first piece is checked before the next one is waited for, so that a
  /// pipe without an end is not read for nothing.
  static func standardInput(
    called name: String, check: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) -> Descriptor {
    let input = try Descriptor(copying: STDIN_FILENO, "read", name)
    guard isatty(input.number) == 0 else {
      throw KernelError("read", name, .malformed("it is a terminal; name a file instead"))
    }
    if try input.status("read", called: name).st_mode & S_IFMT == S_IFREG { return input }
    let file = Descriptor(
      try SystemCall.retrying("keep", name) {
        unsafe memfd_create("input", SOCKINSPECT_MFD_CLOEXEC)
      })
    let buffer = ByteBuffer(capacity: 64 * 1024)
    var total = 0
    while true {
      let count = try unsafe input.read(into: buffer.memory, from: name)
      if count == 0 { return file }
      let piece = buffer.span(count)
      if total == 0 { try check(piece) }
      total += count
      guard total <= 2 << 30 else {
        throw KernelError("read", name, .malformed("it is longer than 2 GiB"))
      }
      try SystemCall.write(piece, to: file.number, "keep", name)
    }
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

/// Reads an open folder with `getdents64`, many entries per call and without a `DIR`.
struct FolderReader {
  let directory: Int32
  let path: String

  /// One entry; valid only while it is visited.
  @safe struct Entry {
    let inode: UInt64
    /// `DT_DIR` is 4, `DT_LNK` 10.
    let kind: UInt8
    /// Ends with a zero byte.
    let name: UnsafePointer<CChar>

    var nameText: String { unsafe String(rawCString: name) }

    /// The name as a whole decimal number, as in `/proc/<pid>/fd`.
    var number: Int32? {
      var value: Int32 = 0
      var index = 0
      while case let digit = unsafe name[index], digit != 0 {
        guard digit >= 48, digit <= 57, value < 200_000_000 else { return nil }
        value = value * 10 + Int32(digit - 48)
        index += 1
      }
      return index > 0 ? value : nil
    }

    fileprivate var isSelfOrParent: Bool {
      unsafe name[0] == 46 && (name[1] == 0 || (name[1] == 46 && name[2] == 0))
    }
  }

  func forEach(_ visit: (Entry) -> Void) throws(KernelError) {
    let buffer = ByteBuffer(capacity: 32 * 1024)
    while true {
      let filled = try SystemCall.retrying("list", path) {
        unsafe getdents64(directory, buffer.memory.baseAddress, UInt(buffer.memory.count))
      }
      if filled == 0 { return }
      unsafe visitEntries(buffer.memory[..<filled], visit)
    }
  }

  /// `linux_dirent64`: inode u64, offset u64, record length u16, kind u8, name.
  private func visitEntries(
    _ records: Slice<UnsafeMutableRawBufferPointer>, _ visit: (Entry) -> Void
  ) {
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: records)
    var start = 0
    while start + 19 <= bytes.count, let base = bytes.baseAddress {
      let length = unsafe Int(bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
      guard length >= 20, start + length <= bytes.count else { return }
      let entry = unsafe Entry(
        inode: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self),
        kind: bytes[start + 18],
        name: (base + start + 19).assumingMemoryBound(to: CChar.self))
      if !entry.isSelfOrParent { visit(entry) }
      start += length
    }
  }
}

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
