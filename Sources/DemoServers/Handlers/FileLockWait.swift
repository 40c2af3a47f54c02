import Glibc

/// Locks a file for each answer, and waits in the kernel until its holder releases it.
struct FileLockWait: Handler {
  let path: String

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    let file = try SystemCall.open(path, O_RDWR)
    defer { Glibc.close(file) }
    try WholeFileLock.bsd.take(file)
    return message
  }
}

extension HandlerFactory {
  static let fileLockWait = HandlerFactory(
    name: "file-lock", argument: "PATH", meaning: "lock a file for each answer, with flock"
  ) { path, _ in FileLockWait(path: path) }
}
