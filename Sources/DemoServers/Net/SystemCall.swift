import Glibc

/// The reader of `errno` in this room.
enum SystemCall {
  /// Runs a call that answers -1 on failure, again when a signal interrupted it.
  static func retrying<Result: FixedWidthInteger>(
    _ attempt: String, _ call: () -> Result
  ) throws(DemoError) -> Result {
    while true {
      let result = call()
      if result != -1 { return result }
      let number = errno
      if number != EINTR { throw failure(attempt, number) }
    }
  }

  /// Opens a file that the caller closes and that children do not inherit.
  static func open(_ path: String, _ flags: Int32) throws(DemoError) -> Int32 {
    try retrying("open \(path)") { unsafe Glibc.open(path, flags | O_CLOEXEC) }
  }

  /// `cannot ATTEMPT: why`.
  static func failure(_ attempt: String, _ number: Int32) -> DemoError {
    DemoError("cannot \(attempt): \(words(number))", number: number)
  }

  /// The C library's words for an error number, beginning in lower case.
  static func words(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    let words = unsafe String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
