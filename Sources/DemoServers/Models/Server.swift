import Glibc

/// What every model works with: a listener, a handler, and somebody to tell.
final class Server: Sendable {
  let plan: ServePlan
  let listener: ListeningSocket
  let handler: any Handler
  let lock: SharedLock
  let journal: ServerLog
  /// Says that connections are accepted from now on.
  let announce: @Sendable () -> Void

  init(
    _ plan: ServePlan, _ listener: ListeningSocket, _ lock: SharedLock, _ journal: ServerLog,
    announce: @escaping @Sendable () -> Void
  ) throws(DemoError) {
    self.plan = plan
    self.listener = listener
    self.lock = lock
    self.journal = journal
    self.announce = announce
    handler = try plan.handler.make(
      HandlerContext(server: listener.address, lock: lock))
  }

  /// The next connection. Without descriptors it says so once and tries again every 100 ms: the
  /// clients wait in the accept queue, where nobody sees that the server still lives.
  func accept() throws(DemoError) -> Connection {
    while true {
      do {
        let connection = try listener.accept()
        journal.accepted(connection)
        return connection
      } catch {
        guard error.isOutOfDescriptors else { throw error }
        journal.trouble(error.message)
        Clock.sleep(0.1)
      }
    }
  }

  /// Serves a connection to its end with the thread that calls.
  func serve(_ connection: Connection) {
    Service(handler: handler, journal: journal).serve(connection)
  }
}
