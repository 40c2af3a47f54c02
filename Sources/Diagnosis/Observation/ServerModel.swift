/// How a server divides its work, as far as processes, threads and sockets show it.
public enum ServerModel: Sendable, Hashable {
  /// One thread accepts a connection, serves it to its end, and accepts the next.
  case serial
  /// A process for each connection; one process accepts them all.
  case worker
  /// Several processes that each accept and serve one connection at a time.
  case prefork(Int)
  /// One process; threads serve a connection each, new ones or those of a pool.
  case threads(Int)
  /// Loops that each serve many connections.
  case eventLoop(Int)
  /// Its processes could not be read.
  case unknown

  public var text: String {
    switch self {
    case .serial: "a serial server: one thread accepts and serves"
    case .worker: "a server with a process per connection: one process accepts"
    case .prefork(let count): "a prefork server: \(count) processes accept and serve"
    case .threads(1): "a threaded server: one thread serves connections"
    case .threads(let count): "a threaded server: \(count) threads serve connections"
    case .eventLoop(1): "an event loop: one thread serves all connections"
    case .eventLoop(let count): "\(count) event loops on one listener"
    case .unknown: "a server whose threads could not be seen"
    }
  }

  /// Whether its text is about several.
  var isMany: Bool {
    if case .eventLoop(let count) = self { return count > 1 }
    return false
  }
}
