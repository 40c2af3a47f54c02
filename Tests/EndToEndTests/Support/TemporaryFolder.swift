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
  ///
  /// Made by a child: a file that we write ourselves can be open for writing in a program that
  /// another test starts just now, and then it cannot be run (ETXTBSY).
  func copy(of program: String) throws -> String {
    let copy = "\(path)/\((program as NSString).lastPathComponent)"
    if !FileManager.default.fileExists(atPath: copy) {
      _ = try Program(words: ["cp", program, copy]).run()
      chmod(copy, 0o755)
    }
    return copy
  }
}
