import Glibc

/// A file that appears under its name only when it is complete; or a pipe, device or descriptor.
///
/// Until then it has no name at all (`O_TMPFILE`) or, where the file system cannot do that, one
/// beside it that goes away when the file is not finished. It is readable for its owner alone
/// unless a mode says otherwise, because most of what is kept tells what other users' processes
/// do.
public struct AtomicFile: ~Copyable, Sendable {
  private let descriptor: Descriptor
  /// As the user named it, for errors.
  private let name: String
  /// Bytes that wait until they are worth a call.
  private var buffer: [UInt8] = []
  private static let capacity = 64 * 1024
  private let mode: mode_t
  /// Where the file is to be; nil of what is written in place, and of a file that is there.
  private var place: OutputLocation?
  private var temporary: TemporaryName?

  /// `-` is standard output. What exists and is no file (a pipe, a device) is written in place.
  public init(at path: String, mode: UInt32 = 0o600) throws(KernelError) {
    try self.init(at: path.rawBytes, mode: mode)
  }

  /// - Parameter path: Any bytes; `-` is standard output.
  public init(at path: [UInt8], mode: UInt32 = 0o600) throws(KernelError) {
    self.mode = mode
    let isOutput = path == Array("-".utf8)
    name = isOutput ? "to standard output" : String(rawBytes: path)
    switch try isOutput ? Self.standardOutput(name) : OutputPath(path, subject: name).find() {
    case .open(let open): descriptor = open
    case .file(let place):
      self.place = place
      if let unnamed = place.createUnnamed() {
        descriptor = unnamed
      } else {
        let temporary = TemporaryName(beside: place)
        descriptor = try temporary.place.create()
        self.temporary = temporary
      }
    }
  }

  private static func standardOutput(_ name: String) throws(KernelError) -> OutputPath.Target {
    guard isatty(STDOUT_FILENO) == 0 else {
      throw KernelError("write", name, .malformed("it is a terminal; name a file instead"))
    }
    return .open(try Descriptor(copying: STDOUT_FILENO, "write", name))
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

  /// Writes what is left and gives the file its name, in place of the one that has it.
  public mutating func commit() throws(KernelError) {
    try flush()
    guard let place else { return }
    _ = try SystemCall.retrying("write", name) { fchmod(descriptor.number, mode) }
    _ = try SystemCall.retrying("write", name) { fsync(descriptor.number) }
    try give(place)
    self.place = nil
    temporary = nil
    try place.syncFolder()
  }

  /// No call puts a file without a name in the place of another, so it gets one on the way.
  private func give(_ place: OutputLocation) throws(KernelError) {
    if let temporary { return try temporary.place.rename(to: place) }
    if try place.isTaken(by: descriptor) { return }
    let temporary = TemporaryName(beside: place)
    guard try temporary.place.isTaken(by: descriptor) else {
      throw KernelError("write", name, .system(EEXIST))
    }
    try temporary.place.rename(to: place)
  }
}
