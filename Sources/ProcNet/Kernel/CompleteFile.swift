import Glibc

/// A file that appears under its name only when it is complete; or a pipe or device.
///
/// Until then it has a name of its own beside it, which goes away if it is not finished. It is
/// readable for its owner alone unless a mode says otherwise, because most of what is kept tells
/// what other users' processes do.
public struct CompleteFile: ~Copyable, Sendable {
  private let descriptor: Descriptor
  /// As the user named it, for errors.
  private let name: String
  /// Bytes that wait until they are worth a call.
  private var buffer: [UInt8] = []
  private static let capacity = 64 * 1024
  private var pending: Pending?
  private let mode: mode_t

  /// A file that waits for its name.
  private struct Pending {
    let temporary: String
    let final: String
  }

  /// `-` is standard output. What exists and is no file (a pipe, a device) is written in place.
  public init(at path: String, mode: UInt32 = 0o600) throws(KernelError) {
    self.mode = mode
    name = path == "-" ? "to standard output" : path
    if path == "-" {
      guard isatty(STDOUT_FILENO) == 0 else {
        throw KernelError("write", name, .malformed("it is a terminal; name a file instead"))
      }
      let number = try SystemCall.retrying("write", name) { dup(STDOUT_FILENO) }
      descriptor = Descriptor(number)
    } else if try Self.isInPlace(path) {
      let number = try SystemCall.retrying("write", name) {
        unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
      }
      descriptor = Descriptor(number)
    } else {
      let final = Self.resolved(path)
      var template = Array("\(final).XXXXXX".utf8CString)
      let number = try SystemCall.retrying("write", name) {
        unsafe mkstemp(&template)
      }
      descriptor = Descriptor(number)
      _ = fcntl(number, F_SETFD, FD_CLOEXEC)
      let characters = template.dropLast().map { UInt8(bitPattern: $0) }
      pending = Pending(temporary: String(decoding: characters, as: UTF8.self), final: final)
    }
  }

  private static func isInPlace(_ path: String) throws(KernelError) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG
  }

  /// Where symbolic links lead, so that the file they name is replaced and not the link.
  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  public mutating func write(_ bytes: Span<UInt8>) throws(KernelError) {
    var start = 0
    while start < bytes.count {
      let end = min(start + Self.capacity - buffer.count, bytes.count)
      unsafe bytes.extracting(start..<end).withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
      if buffer.count == Self.capacity { try flush() }
      start = end
    }
  }

  private mutating func flush() throws(KernelError) {
    var start = 0
    while start < buffer.count {
      start += try SystemCall.retrying("write", name) {
        unsafe buffer[start...].withUnsafeBytes {
          unsafe Glibc.write(descriptor.number, $0.baseAddress, $0.count)
        }
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what is left and gives the file its name.
  public mutating func commit() throws(KernelError) {
    try flush()
    guard let pending else { return }
    _ = try SystemCall.retrying("write", name) { fchmod(descriptor.number, mode) }
    _ = try SystemCall.retrying("write", name) { fsync(descriptor.number) }
    _ = try SystemCall.retrying("write", name) {
      unsafe rename(pending.temporary, pending.final)
    }
    self.pending = nil
  }

  deinit {
    if let pending { unsafe unlink(pending.temporary) }
  }
}
