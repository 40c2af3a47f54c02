/// How a demo server divides the work of accepting and serving among processes and threads.
public enum ServerModel: String, Sendable, CaseIterable {
  case serial, worker, prefork, thread, pool, event

  /// For the help.
  public var meaning: String {
    switch self {
    case .serial: "one client after the other; all others wait"
    case .worker: "a process for each connection, and a join after each accept"
    case .prefork: "some processes, each from accept to close"
    case .thread: "a thread for each connection"
    case .pool: "some threads that take connections from a queue"
    case .event: "one thread, epoll, any number of connections"
    }
  }

  var takesWorkers: Bool { self != .serial && self != .worker }

  /// Several processes make sense only when each has its own listener.
  var needsShards: Bool { self == .thread || self == .event }

  /// `demo-serial`.
  var processName: String { "demo-\(rawValue)" }

  /// Serves for as long as the process lives.
  func run(_ server: Server) throws(DemoError) -> Never {
    switch self {
    case .serial, .prefork: try Serial(server: server).run()
    case .worker: try Worker(server: server).run()
    case .thread: try ThreadPerConnection(server: server).run()
    case .pool: try ThreadPool(server: server).run()
    case .event: try EventLoop(server: server).run()
    }
  }
}
