import Foundation

/// The keyboard of a child process. Unlike a pipe, a child that has ended does not end us with it.
final class TypedInput {
  /// What the child gets as its standard input.
  let childEnd: OpenFile
  private let ourEnd: OpenFile

  init() throws {
    var ends: [Int32] = [-1, -1]
    _ = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
    childEnd = try OpenFile(ends[0], "a socket pair")
    ourEnd = try OpenFile(ends[1], "a socket pair")
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = send(ourEnd.number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// The end of input, as after Ctrl-D.
  func end() { _ = shutdown(ourEnd.number, Int32(SHUT_WR)) }
}
