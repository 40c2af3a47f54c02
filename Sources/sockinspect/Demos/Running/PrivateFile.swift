import Glibc
import ProcNet

/// A file without a name that a child writes to and we read. Unlike a pipe it never fills up, so
/// that nobody has to be there to empty it.
final class PrivateFile {
  let descriptor: Int32

  init() throws(KernelError) {
    let folder = CurrentProcess.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var name = Array("\(folder)/sockinspect.XXXXXX".utf8CString)
    // No signal comes while the file has a name.
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0 else { throw KernelError("write to", folder, .system(errno)) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unsafe unlink(name)
  }

  deinit { close(descriptor) }

  /// What has been written from a place on, as far as it goes.
  func text(from start: Int = 0) -> String {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = unsafe pread(descriptor, &piece, piece.count, start + bytes.count)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }
}
