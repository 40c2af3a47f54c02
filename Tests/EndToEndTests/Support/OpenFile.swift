import CLinux
import Foundation
import Glibc

/// An open descriptor. Like all of the tests it is made close-on-exec: a child of another test that
/// is just being started must not get it.
final class OpenFile {
  let number: Int32

  init(_ number: Int32, _ what: String) throws {
    guard number >= 0 else { throw CannotRun(words: ["open", what], error: errno) }
    self.number = number
  }

  deinit { close(number) }

  static func writing(_ path: String) throws -> OpenFile {
    try OpenFile(open(path, O_WRONLY | O_CLOEXEC), path)
  }

  /// A file without a name, for several writers. What each writes goes to the end: Linux does not
  /// lock the position of a memfd during a write, so two at one time would write to one place.
  static func temporary() throws -> OpenFile {
    let file = try OpenFile(memfd_create("output", SOCKINSPECT_MFD_CLOEXEC), "a temporary file")
    guard fcntl(file.number, F_SETFL, O_APPEND) == 0 else {
      throw CannotRun(words: ["fcntl", "a temporary file"], error: errno)
    }
    return file
  }

  /// Reading and writing end.
  static func pipe() throws -> (OpenFile, OpenFile) {
    var ends: [Int32] = [-1, -1]
    _ = pipe2(&ends, O_CLOEXEC)
    return (try OpenFile(ends[0], "a pipe"), try OpenFile(ends[1], "a pipe"))
  }

  /// Everything from the beginning.
  func contents() -> [UInt8] {
    lseek(number, 0, SEEK_SET)
    var bytes: [UInt8] = []
    while let piece = piece() { bytes += piece }
    return bytes
  }

  /// The next bytes; nil at the end or when nothing came before the deadline.
  func piece(within deadline: Duration = .seconds(60)) -> [UInt8]? {
    var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, Int32(deadline / .milliseconds(1))) == 1 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = read(number, &bytes, bytes.count)
    return count > 0 ? Array(bytes[..<count]) : nil
  }
}
