import CLinux
import Glibc
import Synchronization

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
  /// Whether a file that is there gives way to the new one.
  private let replaces: Bool
  /// Bytes that it has been given.
  public private(set) var count = 0
  /// Where the file is to be; nil of what is written in place, and of a file that is there.
  private var place: OutputLocation?
  private var temporary: TemporaryName?

  /// `-` is standard output. What exists and is no file (a pipe, a device) is written in place.
  ///
  /// Where it does not replace a file that is there, this throws `EEXIST`, and so does `commit` when
  /// one has come since.
  public init(at path: String, mode: UInt32 = 0o600, replaces: Bool = true) throws(KernelError) {
    try self.init(at: path.rawBytes, mode: mode, replaces: replaces)
  }

  /// The same for a path that is any bytes.
  public init(at path: [UInt8], mode: UInt32 = 0o600, replaces: Bool = true) throws(KernelError) {
    (self.mode, self.replaces) = (mode, replaces)
    let isOutput = path == Array("-".utf8)
    name = isOutput ? "to standard output" : String(rawBytes: path)
    switch try isOutput ? Self.standardOutput(name) : OutputPath(path, subject: name).find() {
    case .open(let open): descriptor = open
    case .file(let place):
      guard replaces || !place.exists else { throw KernelError("write", name, .system(EEXIST)) }
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

  /// Adds bytes; they may stay in memory until `commit`.
  public mutating func write(_ bytes: Span<UInt8>) throws(KernelError) {
    count += bytes.count
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
    if let temporary {
      return try replaces ? temporary.place.rename(to: place) : temporary.place.link(to: place)
    }
    if try place.isTaken(by: descriptor) { return }
    guard replaces else { throw KernelError("write", name, .system(EEXIST)) }
    let temporary = TemporaryName(beside: place)
    guard try temporary.place.isTaken(by: descriptor) else {
      throw KernelError("write", name, .system(EEXIST))
    }
    try temporary.place.rename(to: place)
  }
}

/// A name in an open folder, where a file is to be. Since the folder is open, nobody can put
/// another one in its place; and what has the name already is never followed.
struct OutputLocation: Sendable {
  /// Open as a place only (`O_PATH`).
  let folder: OpenFolder
  /// Any bytes, the last one 0.
  let name: [CChar]
  /// The whole path as the user named it, for errors.
  let subject: String

  final class OpenFolder: Sendable {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  /// A name beside this one that nobody guesses.
  func temporary() -> OutputLocation {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8CString.dropLast())
    let random = (0..<12).compactMap { _ in letters.randomElement() }
    // A name has 255 bytes at most.
    let start = name.dropLast().prefix(200) + [CChar(bitPattern: UInt8(ascii: "."))]
    return OutputLocation(folder: folder, name: start + random + [0], subject: subject)
  }

  /// Makes a file that has no name; nil where that is not possible, or where it could not get one
  /// later.
  fileprivate func createUnnamed() -> Descriptor? {
    guard unsafe access("/proc/self/fd", X_OK) == 0 else { return nil }
    let flags = O_WRONLY | O_DIRECTORY | SOCKINSPECT_O_TMPFILE | O_CLOEXEC
    let number = unsafe openat(folder.descriptor.number, ".", flags, 0o600)
    return number >= 0 ? Descriptor(number) : nil
  }

  fileprivate func create() throws(KernelError) -> Descriptor {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let number = try attempt { unsafe openat(folder.descriptor.number, name, flags, 0o600) }
    return Descriptor(number)
  }

  /// Gives this name to a file that has none; false when something has it already.
  func isTaken(by file: borrowing Descriptor) throws(KernelError) -> Bool {
    let path = "/proc/self/fd/\(file.number)"
    do throws(KernelError) {
      _ = try attempt {
        unsafe linkat(AT_FDCWD, path, folder.descriptor.number, name, AT_SYMLINK_FOLLOW)
      }
      return true
    } catch {
      if error.number == EEXIST { return false }
      throw error
    }
  }

  /// Gives this name's file another name in the same folder, in place of what has that one.
  func rename(to other: OutputLocation) throws(KernelError) {
    let number = folder.descriptor.number
    _ = try attempt { unsafe renameat(number, name, number, other.name) }
  }

  /// Gives this name's file another name in the same folder, unless something has that one.
  func link(to other: OutputLocation) throws(KernelError) {
    let number = folder.descriptor.number
    do throws(KernelError) {
      _ = try attempt { unsafe linkat(number, name, number, other.name, 0) }
    } catch {
      // A file has but one name on FAT and the like.
      guard error.number == EPERM, !other.exists else { throw error }
      try rename(to: other)
    }
  }

  /// Whether something has this name.
  var exists: Bool {
    var status = stat()
    return unsafe fstatat(folder.descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0
  }

  /// Waits until the folder's entries are on the disk. A folder that may be written but not read
  /// cannot be asked for that.
  fileprivate func syncFolder() throws(KernelError) {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    let number = unsafe openat(folder.descriptor.number, ".", flags)
    guard number >= 0 else { return }
    let readable = Descriptor(number)
    // Others than this say that the file system has no such call.
    do throws(KernelError) {
      _ = try attempt { fsync(readable.number) }
    } catch {
      if error.number == EIO { throw error }
    }
  }

  private func attempt(_ call: () -> Int32) throws(KernelError) -> Int32 {
    try SystemCall.retrying("write", subject, call)
  }
}

/// A name that a file has until it gets its own one. It goes away with this value, and when a
/// signal ends the process; only SIGKILL leaves it.
///
/// A signal's handler is given nothing but the number, so what it needs is global: atomic words.
/// They have room for one name, and a process of ours writes one file.
final class TemporaryName: Sendable {
  let place: OutputLocation

  private static let folder = Atomic<Int32>(-1)
  private static let name = Atomic<UInt>(0)
  private let isWatched: Bool
  private let copy: UInt

  /// To be made before the file, which must not be there yet.
  init(beside file: OutputLocation) {
    place = file.temporary()
    copy = UInt(bitPattern: unsafe strdup(place.name))
    let number = place.folder.descriptor.number
    isWatched =
      Self.folder.compareExchange(
        expected: -1, desired: number, ordering: .acquiringAndReleasing
      ).exchanged
    guard isWatched else { return }
    Self.name.store(copy, ordering: .releasing)
    Self.setHandlers(from: 0, to: unsafe unsafeBitCast(Self.leave, to: Int.self))
  }

  deinit {
    unsafe unlinkat(place.folder.descriptor.number, place.name, 0)
    if isWatched {
      Self.name.store(0, ordering: .releasing)
      Self.setHandlers(from: unsafe unsafeBitCast(Self.leave, to: Int.self), to: 0)
      Self.folder.store(-1, ordering: .releasing)
    }
    unsafe free(UnsafeMutablePointer<CChar>(bitPattern: copy))
  }

  /// Removes the file that has such a name; safe in a signal's handler.
  static func remove() {
    guard let text = unsafe UnsafePointer<CChar>(bitPattern: name.load(ordering: .acquiring))
    else { return }
    unsafe unlinkat(folder.load(ordering: .relaxed), text, 0)
  }

  /// The handler is gone once it has been called, so the signal that is raised again ends us.
  private static let leave: @convention(c) (Int32) -> Void = { number in
    TemporaryName.remove()
    raise(number)
  }

  /// Of every signal that has the first handler (0 is the default) and ends a process by default.
  private static func setHandlers(from before: Int, to after: Int) {
    let harmless = [
      SIGKILL, SIGSTOP, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGURG, SIGWINCH,
    ]
    for number in 1...64 where !harmless.contains(Int32(number)) {
      var action = sigaction()
      guard unsafe sigaction(Int32(number), nil, &action) == 0,
        unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == before
      else { continue }
      action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = unsafe unsafeBitCast(
        after, to: __sighandler_t?.self)
      action.sa_flags = Int32(bitPattern: SA_RESETHAND)
      unsafe sigaction(Int32(number), &action, nil)
    }
  }
}
