import Glibc
import Synchronization

/// What a server says: its lines on standard output, its troubles on standard error.
///
/// Each line is one write, so that the lines of several processes and threads do not mix.
final class ServerLog: Sendable {
  /// Nothing but `ready` on standard output.
  let isQuiet: Bool
  /// Who is to end when nobody reads any more: the server that was started, or its parent.
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

  func accepted(_ connection: Connection) { event("accepted", connection) }

  func closed(_ connection: Connection) { event("closed", connection) }

  /// Something that the person who started the server should know; the same only once.
  func trouble(_ text: String) {
    let isNew = said.withLock { $0.count < 100 && $0.insert(text).inserted }
    if isNew { write("sockinspect: \(text)\n", to: 2) }
  }

  private func event(_ what: String, _ connection: Connection) {
    if !isQuiet { line("\(what) \(connection.peer) by pid \(getpid())") }
  }

  /// A reader who has left ends the server, as he ends any command.
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
