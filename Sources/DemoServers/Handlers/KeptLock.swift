import Synchronization

/// Wants, for each answer, a lock that another thread of the server has taken and keeps for good:
/// requests are read at once and answered never.
final class KeptLock: Handler {
  private let lock: SharedLock
  private let hasHolder = Mutex(false)
  private let isTaken = Atomic(false)

  init(lock: SharedLock) { self.lock = lock }

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    try startHolder()
    try lock.take()
    defer { lock.release() }
    return message
  }

  /// With the first request: handlers are also made to check what was typed.
  private func startHolder() throws(DemoError) {
    try hasHolder.withLock { hasHolder throws(DemoError) in
      guard !hasHolder else { return }
      try ServerThread.start(named: "demo-holder") { self.keep() }
      while !isTaken.load(ordering: .acquiring) { Clock.sleep(0.001) }
      hasHolder = true
    }
  }

  private func keep() {
    try? lock.take()
    isTaken.store(true, ordering: .releasing)
    Clock.sleepForever()
  }
}

extension HandlerFactory {
  static let keptLock = HandlerFactory(
    name: "kept-lock", argument: nil,
    meaning: "wait, before each answer, for a lock that another thread never releases"
  ) { _, context in KeptLock(lock: context.lock) }
}
