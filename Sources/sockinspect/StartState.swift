import CStart
import Glibc

/// What the program was started with.
enum StartState {
  /// The words of the command line behind the program's name, as bytes: names of files and of
  /// processes need not be UTF-8. Nil when they are not known; then no command may run.
  static var arguments: [[UInt8]]? {
    let count = sockinspect_argument_count()
    guard count >= 0 else { return nil }
    return (1..<max(count, 1)).map { index in
      guard let word = unsafe sockinspect_argument(index) else { return [] }
      let length = unsafe strlen(word)
      return unsafe UnsafeBufferPointer(start: word, count: length).map { UInt8(bitPattern: $0) }
    }
  }

  /// Crashes and SIGQUIT end the process as they end a C program, without the backtracer of
  /// Swift's runtime.
  static func reset() { sockinspect_begin() }
}
