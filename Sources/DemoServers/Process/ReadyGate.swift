import CLinux
import Glibc

/// A pipe through which children say that they are ready.
final class ReadyGate {
  private let exit: Int32
  /// Each child inherits it, and writes one byte.
  private(set) var entrance: Int32

  init() throws(DemoError) {
    var ends: [Int32] = [-1, -1]
    _ = try SystemCall.retrying("make a pipe") { unsafe pipe2(&ends, O_CLOEXEC) }
    (exit, entrance) = (ends[0], ends[1])
  }

  deinit {
    close(exit)
    closeEntrance()
  }

  /// Waits until so many have said so. When the pipe ends before, one of them has died.
  func wait(for count: Int) throws(DemoError) {
    closeEntrance()
    var bytes = [UInt8](repeating: 0, count: 64)
    var seen = 0
    while seen < count {
      let got = try SystemCall.retrying("wait for the children") {
        unsafe read(exit, &bytes, min(bytes.count, count - seen))
      }
      guard got > 0 else { throw DemoError("a child process ended before it was ready") }
      seen += got
    }
  }

  /// What a child does with the end that it has inherited.
  static func pass(_ entrance: Int32) {
    guard entrance >= 0 else { return }
    _ = unsafe write(entrance, [1] as [UInt8], 1)
    close(entrance)
  }

  private func closeEntrance() {
    if entrance >= 0 { close(entrance) }
    entrance = -1
  }
}
