import Glibc

/// What a person types, or a pipe delivers: a descriptor that is read but never closed.
public struct ClientInput: Sendable {
  let descriptor: Int32

  public static let standard = ClientInput(descriptor: 0)

  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// A pipe, a socket, or our own terminal, whose end one can wait for. Files and /dev/null are at
  /// their end from the start, and a terminal belongs to whoever is in its foreground.
  var canBeAwaited: Bool {
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { return false }
    let kind = facts.st_mode & S_IFMT
    return kind == S_IFIFO || kind == S_IFSOCK || isTerminal && isForeground
  }

  private var isForeground: Bool { tcgetpgrp(descriptor) == getpgrp() }

  /// What there is, at most 64 KiB; empty at the end, and after an error, such as that of a
  /// process in the background reading its terminal.
  func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 { return Array(buffer[..<count]) }
      if errno != EINTR { return [] }
    }
  }
}
