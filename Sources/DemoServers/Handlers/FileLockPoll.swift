import Glibc

/// Locks a file for each answer, and asks again every 50 ms until its holder releases it, as
/// SQLite does: the kernel knows of no waiter.
struct FileLockPoll: Handler {
  let path: String

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    let file = try SystemCall.open(path, O_RDWR)
    defer { Glibc.close(file) }
    while try !WholeFileLock.posix.take(ifFree: file) { Clock.sleep(0.05) }
    return message
  }
}

extension HandlerFactory {
  static let fileLockPoll = HandlerFactory(
    name: "polled-file-lock", argument: "PATH",
    meaning: "lock a file for each answer, asking every 50 ms"
  ) { path, _ in FileLockPoll(path: path) }
}
