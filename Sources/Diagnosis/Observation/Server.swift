import ProcNet

/// A server at work: a listener, the processes behind it, and what stops them from accepting.
public struct Server: Sendable {
  public var listener: ObservedListener
  /// Shards of one address: the inodes of all that this server's processes own.
  public var inodes: Set<UInt32>
  /// Processes that accept or serve.
  public var members: [ServerProcess]
  /// Processes that have the listener open and do neither, as masters do.
  public var masters: [ProcessName]
  public var model: ServerModel
  /// Children that serve one connection each and were born for it.
  public var handlers: [ProcessName] = []

  /// Processes that cannot be read probably have the listener open as well.
  public var hasHiddenRelatives = false

  /// A thread would take the next connection.
  public var isReady: Bool { members.contains(where: \.isReady) }
  /// What some of the members do could not be seen.
  public var isOpaque: Bool { hasHiddenRelatives || members.contains(where: \.process.isOpaque) }
  /// The threads that stop it from accepting.
  public var blockers: [AcceptBlocker] { members.flatMap(\.blockers) }
  /// Accepted clients have sent data that it does not read.
  public var owesReads = false
  public var accepted: Int { members.reduce(0) { $0 + $1.accepted.count } }
}

/// A process of a server.
public struct ServerProcess: Sendable {
  public var process: ObservedProcess
  /// Connections that it accepted from this listener, by inode.
  public var accepted: [UInt32]
  /// A thread waits for the next connection.
  public var isReady: Bool
  /// It serves its connections from an epoll that watches the listener as well.
  public var isLoop: Bool
  /// Threads that serve one connection each, busy at it.
  public var serving: [ObservedThread]
  public var blockers: [AcceptBlocker]
  /// A thread waits for clients that it has accepted.
  public var awaitsClients = false
}

/// A thread that should accept, or make room for it, and does something else.
public struct AcceptBlocker: Sendable {
  public var thread: ObservedThread
  /// The connection it works on, where it waits for just one.
  public var socket: Socket?
  /// That connection came in through this listener.
  public var isAccepted: Bool
}

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

/// What stops a server from accepting: it decides which finding names the server.
enum BlockKind: Sendable {
  /// Its processes are stopped, traced or frozen.
  case halted
  /// It has as many files open as it may.
  case descriptors
  /// It has taken the listener out of what it waits for, and waits for the clients it has.
  case paused
  /// The thread that accepts waits for a child.
  case child
  /// The loop that owns the listener is elsewhere.
  case loop
  /// Several workers, and each of them is busy.
  case workers
  /// One thread does it all, and is busy with something else.
  case single
  /// A thread would accept: the server is slow at most.
  case none
  /// Its threads could not be read.
  case hidden

  static func of(_ server: Server) -> BlockKind {
    if server.members.isEmpty { return .hidden }
    let living = server.members.filter { !$0.process.isHalted }
    if living.isEmpty { return .halted }
    if living.contains(where: { isOutOfDescriptors($0.process.snapshot) }) { return .descriptors }
    if living.contains(where: \.isReady) { return .none }
    if server.hasHiddenRelatives || living.allSatisfy({ $0.process.isOpaque }) {
      return .hidden
    }
    let blockers = living.flatMap(\.blockers)
    if blockers.isEmpty { return living.contains(where: \.awaitsClients) ? .paused : .none }
    if living.contains(where: \.isLoop) { return .loop }
    if blockers.contains(where: waitsForChild) || !server.handlers.isEmpty { return .child }
    return blockers.count > 1 || living.count > 1 ? .workers : .single
  }

  private static func waitsForChild(_ blocker: AcceptBlocker) -> Bool {
    blocker.thread.stays(.child)
  }

  static func isOutOfDescriptors(_ process: ProcessSnapshot) -> Bool {
    guard let open = process.openFiles, case .count(let limit)? = process.openFilesLimit else {
      return false
    }
    return open > 0 && UInt64(open) >= limit
  }
}

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
