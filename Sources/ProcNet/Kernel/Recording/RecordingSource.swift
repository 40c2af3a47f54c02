import Glibc

/// An open recording to read from, at any place and from any thread. Places in a packed one are
/// those that its contents would have if they were not packed.
final class RecordingSource: Sendable {
  let path: String
  let size: Int
  private let file: RecordingFile
  /// Of a packed recording.
  private let blocks: RecordingBlocks?

  /// Bytes of the file, packed or not.
  var fileSize: Int { file.size }

  /// Bytes of a frame after its body.
  var checksumLength: Int { blocks == nil ? RecordingFormat.checksumLength : 0 }

  init(_ path: String) throws(KernelError) {
    self.path = path
    file = try RecordingFile(path)
    blocks = try RecordingBlocks(of: file)
    size = blocks?.end ?? file.size
  }

  /// Fills memory from a place on, as far as the recording goes, and answers how far that was.
  func fill(
    _ memory: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(KernelError) -> Int {
    guard let blocks else { return try unsafe file.fill(memory, from: offset) }
    var filled = 0
    if offset < blocks.start {
      let head = unsafe memory.prefix(blocks.start - offset)
      filled = try unsafe file.fill(.init(rebasing: head), from: offset)
    }
    while filled < memory.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
      let count = try unsafe blocks.fill(rest, from: offset + filled)
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  func refusal(_ what: String) -> KernelError { file.refusal(what) }

  func damage(at offset: Int, _ what: String) -> KernelError { file.damage(at: offset, what) }

  func end(at offset: Int) -> KernelError { file.end(at: offset) }
}

/// The open file of a recording.
final class RecordingFile: Sendable {
  let size: Int
  private let path: String
  private let descriptor: Descriptor

  /// Only a plain file can be read at any place. Opening does not wait for a pipe's writer.
  init(_ path: String) throws(KernelError) {
    self.path = path
    descriptor = try Descriptor.open(path, flags: O_NONBLOCK)
    var status = stat()
    let number = descriptor.number
    _ = try SystemCall.retrying("read", path) { unsafe fstat(number, &status) }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR { throw KernelError("read", path, .system(EISDIR)) }
    guard kind == S_IFREG else {
      throw KernelError("read", path, .malformed("a recording has to be a plain file"))
    }
    size = Int(status.st_size)
  }

  /// Fills memory from a place on, as far as the file goes, and answers how far that was.
  func fill(
    _ memory: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(KernelError) -> Int {
    var filled = 0
    while filled < memory.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
      let count = try SystemCall.retrying("read", path) {
        unsafe pread(descriptor.number, rest.baseAddress, rest.count, off_t(offset + filled))
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  func refusal(_ what: String) -> KernelError { KernelError("read", path, .malformed(what)) }

  func damage(at offset: Int, _ what: String) -> KernelError {
    refusal("the recording is damaged at byte \(offset): \(what)")
  }

  func end(at offset: Int) -> KernelError {
    refusal("the recording ends at byte \(offset) before its end frame: it was cut off")
  }
}
