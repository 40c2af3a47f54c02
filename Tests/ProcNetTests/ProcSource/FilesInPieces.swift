import Glibc
import ProcNet

/// A kernel that has only files, and hands them over in pieces of one size.
struct FilesInPieces: Kernel {
  var files: [String: [UInt8]] = [:]
  /// Paths that cannot be read, and the error number.
  var failures: [String: Int32] = [:]
  /// Reading fails with this number after the contents.
  var failuresAtEnd: [String: Int32] = [:]
  var pieceSize = 4096

  var isRoot: Bool { false }

  init(_ files: [String: String] = [:], pieceSize: Int = 4096) {
    self.files = files.mapValues { Array($0.utf8) }
    self.pieceSize = pieceSize
  }

  func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    let bytes = try contents(path, "read")
    var start = 0
    while start < bytes.count {
      let end = min(start + pieceSize, bytes.count)
      try piece(bytes.span.extracting(start..<end))
      start = end
    }
    if let number = failuresAtEnd[path] { throw KernelError("read", path, .system(number)) }
  }

  func identity(of path: String) throws(KernelError) -> FileIdentity {
    FileIdentity(device: 0, inode: 0, size: Int64(try contents(path, "look at").count))
  }

  private func contents(_ path: String, _ attempt: String) throws(KernelError) -> [UInt8] {
    if let number = failures[path] { throw KernelError(attempt, path, .system(number)) }
    guard let bytes = files[path] else { throw KernelError(attempt, path, .system(ENOENT)) }
    return bytes
  }

  func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    throw KernelError("list", folder, .system(ENOENT))
  }

  func link(at path: String) throws(KernelError) -> [UInt8] {
    throw KernelError("read link", path, .system(ENOENT))
  }

  func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    throw KernelError("list", "/proc/\(process)/fd", .system(ENOENT))
  }

  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    throw KernelError("ask", "sock_diag", .system(EPROTONOSUPPORT))
  }
}
