import Glibc

/// A file without a name that is written anew for every input.
struct UnnamedFile {
  static let shared = UnnamedFile()
  let descriptor: Int32
  var path: String { "/proc/self/fd/\(descriptor)" }

  private init() {
    var template = Array("/dev/shm/fuzz-recording-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    require(descriptor >= 0, "no file can be made")
    unlink(template)
  }

  func write(_ bytes: [UInt8]) {
    ftruncate(descriptor, 0)
    require(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, "the file is not written")
  }
}
