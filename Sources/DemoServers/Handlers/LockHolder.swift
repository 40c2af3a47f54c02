/// Takes the lock that all workers share, and holds it until its client closes: the next one
/// waits in the lock, like the requests of one session or the transactions on one row.
struct LockHolder: Handler {
  let lock: SharedLock

  func open() throws(DemoError) -> Opening {
    try lock.take()
    return .converse
  }

  func close(_ connection: Socket) { lock.release() }
}

extension HandlerFactory {
  static let lock = HandlerFactory(
    name: "lock", argument: nil,
    meaning: "hold the one lock of all workers until the client closes"
  ) { _, context in LockHolder(lock: context.lock) }
}
