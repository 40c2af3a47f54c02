import ProcNet

/// Requests of one listener that were read and are not answered, and their common root cause.
public struct Stall: Sendable {
  public var listener: ObservedListener
  /// The processes that owe the answers, ascending.
  public var processes: [ProcessName]
  /// The oldest first.
  public var requests: [OpenRequest]
  /// From a process that owes to the root cause; without links where its threads are at rest.
  var path: WaitPath
  /// How many threads or calls work on these requests; the other requests wait behind them.
  var engaged: Int
  /// Threads that share a lock, where that is the cause.
  var herd: [ObservedThread] = []
  var pool: ConnectionPool?
  /// The thread that computes at the end of the chain belongs to a server that answers others.
  var isAnswering = false
  /// Requests whose own thread has been in a wait for a lock since they came, if they seem to wait
  /// for those that are worked on.
  var beside = 0
  /// Requests that seem to have nothing to do with those that are worked on.
  var apart = 0

  public var oldest: UInt64 { requests.first?.since ?? 0 }
  /// Clients that have hung up without an answer.
  public var abandoned: Int { requests.count(where: \.isAbandoned) }

  /// Clients that gave up: from this number on it cannot be a long poll.
  private static let manyAbandoned = 3

  /// The root cause cannot go on, or too many requests wait for it: this is not a server at rest.
  var isProven: Bool {
    if path.isTrouble || pool != nil { return true }
    let short = requests.count - engaged - apart
    if short > 0, (path.end.isOccupied && !isAnswering) || (engaged > 0 && beside * 10 >= short * 7)
    {
      return true
    }
    return abandoned >= Self.manyAbandoned && !path.links.isEmpty
  }
}

/// Connections of a process to one server, all in use, while more of its requests need one.
struct ConnectionPool: Sendable {
  /// The caller's ends.
  var connections: [Socket]
  /// Threads that wait beside them, each since a request of its own came.
  var waiting: Int
  /// Sessions of the database that say they are in a transaction in which nothing happens.
  var idleInTransaction: [ProcessName]
  /// Clients of the process that may have left those transactions open.
  var suspects: [Socket] = []
}

/// A request that a process has read and not answered.
public struct OpenRequest: Sendable {
  /// The server's end of the connection.
  public var socket: Socket
  /// Milliseconds since it arrived.
  public var since: UInt64
  /// The client has hung up meanwhile.
  public var isAbandoned: Bool
}
