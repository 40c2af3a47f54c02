import Foundation

/// A folder that everybody can read and that is gone with its value.
final class TemporaryFolder {
  let path: String

  init() throws {
    var name = Array("\(NSTemporaryDirectory())/zoo.XXXXXX".utf8CString)
    guard let made = mkdtemp(&name) else { throw CannotRun(words: ["mkdtemp"], error: errno) }
    path = (String(cString: made) as NSString).standardizingPath
    chmod(path, 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A copy of the program that other users may run: a build folder is often private.
  func copy(of program: String) throws -> String {
    let copy = "\(path)/\((program as NSString).lastPathComponent)"
    if !FileManager.default.fileExists(atPath: copy) {
      try FileManager.default.copyItem(atPath: program, toPath: copy)
      chmod(copy, 0o755)
    }
    return copy
  }
}
