import CLinux
import Glibc
import Synchronization

/// A file of ours that is removed at the end: this one, and nothing that has its name by then.
///
/// Other users who write in the folder can give the name to something else at any time. So the folder
/// is kept open, and before the name goes, device and inode behind it are compared. What the file
/// belongs to (a listening socket, a descriptor) is open until the end, so its inode is not given
/// to another file.
enum RemovedFile {
  /// A signal's handler is given nothing, so they are global: atomic words, the name set last.
  private static let folder = Atomic<Int32>(-1)
  private static let device = Atomic<UInt>(0)
  private static let inode = Atomic<UInt>(0)
  private static let name = Atomic<UInt>(0)

  /// To be called at once after the file was made. What is not there, or another user's, is not
  /// removed.
  static func set(_ path: String) {
    let (folderPath, last) = Self.parts(path)
    let folder = unsafe open(folderPath, SOCKINSPECT_O_PATH | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    var status = stat()
    guard unsafe fstatat(folder, last, &status, AT_SYMLINK_NOFOLLOW) == 0,
      status.st_uid == geteuid()
    else {
      close(folder)
      return
    }
    Self.folder.store(folder, ordering: .relaxed)
    device.store(UInt(status.st_dev), ordering: .relaxed)
    inode.store(UInt(status.st_ino), ordering: .relaxed)
    name.store(UInt(bitPattern: unsafe strdup(last)), ordering: .releasing)
  }

  /// Safe in a signal's handler.
  static func remove() {
    guard let last = unsafe UnsafePointer<CChar>(bitPattern: name.load(ordering: .acquiring))
    else { return }
    let folder = Self.folder.load(ordering: .relaxed)
    var status = stat()
    guard unsafe fstatat(folder, last, &status, AT_SYMLINK_NOFOLLOW) == 0,
      UInt(status.st_dev) == device.load(ordering: .relaxed),
      UInt(status.st_ino) == inode.load(ordering: .relaxed)
    else { return }
    unsafe unlinkat(folder, last, 0)
  }

  /// The folder and the name in it.
  private static func parts(_ path: String) -> (String, String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }
}
