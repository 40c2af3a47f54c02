import Glibc
import Synchronization

/// What every model works with: a listener, a handler, and a log.
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
  /// clients wait in the accept queue.
  func accept() throws(DemoError) -> Socket {
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
  func serve(_ connection: Socket) {
    Service(handler: handler, journal: journal).serve(connection)
  }
}

/// Serves one connection to its end with calls that wait.
struct Service {
  let handler: any Handler
  let journal: ServerLog

  func serve(_ connection: Socket) {
    do {
      try work(connection)
    } catch {
      if !error.isPeerGone { journal.trouble(error.message) }
    }
    if !handler.keepsConnections { journal.closed(connection) }
  }

  private func work(_ connection: Socket) throws(DemoError) {
    let opening = try handler.open()
    defer { handler.close(connection) }
    switch opening {
    case .converse: try converse(connection)
    case .ignore: Clock.sleepForever()
    case .flood(let bytes): try flood(connection, bytes)
    }
  }

  private func converse(_ connection: Socket) throws(DemoError) {
    var inbox = Inbox(capacity: 16 << 10)
    while let message = try inbox.message(from: connection) {
      try connection.send(try handler.answer(to: message))
    }
  }

  private func flood(_ connection: Socket, _ bytes: Int) throws(DemoError) {
    var left = bytes
    while left > 0 {
      left -= try connection.send(some: Flood.piece.prefix(left))
    }
    connection.finishSending()
    connection.waitForHangUp()
  }
}

/// What a server prints: its lines on standard output, its troubles on standard error.
///
/// Each line is one write, so that the lines of several processes and threads do not mix.
final class ServerLog: Sendable {
  /// Nothing but `ready` on standard output.
  let isQuiet: Bool
  /// The process to end when standard output is closed: the server that was started, or its
  /// parent.
  let server: Int32
  private let said = Mutex<Set<String>>([])

  init(isQuiet: Bool, server: Int32) {
    (self.isQuiet, self.server) = (isQuiet, server)
  }

  /// The line that others wait for.
  func ready(_ address: SocketAddress) {
    switch address {
    case .ip4(let host, let port), .ip6(let host, let port):
      line("ready pid=\(server) address=\(host) port=\(port)")
    case .path(let name): line("ready pid=\(server) path=\(name)")
    case .abstract(let name): line("ready pid=\(server) path=@\(name)")
    }
  }

  func accepted(_ connection: Socket) { event("accepted", connection) }

  func closed(_ connection: Socket) { event("closed", connection) }

  /// Something that the person who started the server should know; the same only once.
  func trouble(_ text: String) {
    let isNew = said.withLock { $0.count < 100 && $0.insert(text).inserted }
    if isNew { write("sockinspect: \(text)\n", to: 2) }
  }

  private func event(_ what: String, _ connection: Socket) {
    if !isQuiet { line("\(what) \(connection.peer) by pid \(getpid())") }
  }

  /// A closed standard output ends the server, as it ends any command.
  private func line(_ text: String) {
    if !write(text + "\n", to: 1) { kill(server, SIGTERM) }
  }

  @discardableResult private func write(_ text: String, to descriptor: Int32) -> Bool {
    let bytes = Array(text.utf8)
    var answer = -1
    repeat {
      answer = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
    } while answer == -1 && errno == EINTR
    return answer != -1 || errno != EPIPE
  }
}
