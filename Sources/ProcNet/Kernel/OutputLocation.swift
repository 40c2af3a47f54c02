import CLinux
import Glibc

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
  func createUnnamed() -> Descriptor? {
    guard unsafe access("/proc/self/fd", X_OK) == 0 else { return nil }
    let flags = O_WRONLY | O_DIRECTORY | SOCKINSPECT_O_TMPFILE | O_CLOEXEC
    let number = unsafe openat(folder.descriptor.number, ".", flags, 0o600)
    return number >= 0 ? Descriptor(number) : nil
  }

  func create() throws(KernelError) -> Descriptor {
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

  /// Waits until the folder's entries are on the disk. A folder that may be written but not read
  /// cannot be asked for that.
  func syncFolder() throws(KernelError) {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    let number = unsafe openat(folder.descriptor.number, ".", flags)
    guard number >= 0 else { return }
    let readable = Descriptor(number)
    // Others than this say that the file system has no such call.
    if fsync(readable.number) == -1, errno == EIO {
      throw KernelError("write", subject, .system(EIO))
    }
  }

  private func attempt(_ call: () -> Int32) throws(KernelError) -> Int32 {
    try SystemCall.retrying("write", subject, call)
  }
}
