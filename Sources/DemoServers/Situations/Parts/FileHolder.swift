import Glibc

/// A process that makes a file, locks it and keeps the lock, as a backup does that hangs.
enum FileHolder {
  /// - Parameter words: the kind of lock.
  static func run(_ words: [String]) throws(DemoError) -> Never {
    guard let lock = words.first.flatMap(WholeFileLock.init(rawValue:)) else {
      throw DemoError("demo: a holder needs a kind of lock", status: 64)
    }
    StagePart.setName("demo-backup")
    // The file goes with us, whatever the stage dies of.
    Ending.prepare(after: nil)
    ParentDeath.endsUs(with: SIGTERM)
    let (descriptor, path) = try Signals.heldBack(make)
    try lock.take(descriptor)
    StagePart.sayReady("path=\(path)")
    Clock.sleepForever()
  }

  private static func make() throws(DemoError) -> (descriptor: Int32, path: String) {
    var name = Array("/tmp/sockinspect-demo-XXXXXX".utf8CString)
    let descriptor = try SystemCall.retrying("make a file in /tmp") {
      unsafe mkstemp(&name)
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    Ending.removes(path)
    return (descriptor, path)
  }
}
