import Glibc

/// The other end of `ChildArguments`: what a child process of a server does.
public enum ServerChild {
  /// The hidden command; nobody types it.
  public static let command = ChildArguments.command

  /// - Parameter words: what stands behind the command.
  public static func run(_ words: [String]) throws(DemoError) -> Never {
    guard let order = ChildArguments(words) else {
      throw .usage("\(command) is for processes of 'sockinspect serve', not for people")
    }
    ParentDeath.endsUs(expecting: order.parent)
    // Ctrl-C goes to all processes of the terminal; the parent ends us in its own time.
    Signals.ignore(SIGINT)
    ThreadName.set(name(order))
    if order.model == .worker { try serveOne(order) }
    try serveAll(order)
  }

  private static func name(_ order: ChildArguments) -> String {
    let name = order.model.processName
    return switch order.model {
    case .worker: ThreadName.numbered("\(name)-", order.number)
    // Its threads have plain numbers.
    case .thread: ThreadName.numbered("\(name)-p", order.number)
    default: ThreadName.numbered("\(name)-", order.number)
    }
  }

  private static func plan(_ order: ChildArguments) -> ServePlan {
    var plan = ServePlan(order.model)
    plan.handler = order.handler
    plan.isQuiet = order.isQuiet
    return plan
  }

  private static func lock(_ order: ChildArguments) -> SharedLock {
    order.lock >= 0 ? .file(FileLock(adopting: order.lock)) : .none
  }

  private static func serveAll(_ order: ChildArguments) throws(DemoError) -> Never {
    let listener = try ListeningSocket(adopting: order.socket)
    let journal = ServerLog(isQuiet: order.isQuiet, server: order.parent)
    let server = try Server(plan(order), listener, lock(order), journal) {
      ReadyGate.pass(order.ready)
    }
    try order.model.run(server)
  }

  /// The worker model: one connection, then the end. Its own address is the server's.
  private static func serveOne(_ order: ChildArguments) throws(DemoError) -> Never {
    let connection = Connection(adopting: order.socket)
    let journal = ServerLog(isQuiet: order.isQuiet, server: order.parent)
    let surroundings = HandlerContext(
      server: try ListeningSocket.address(of: order.socket), lock: lock(order))
    let service = Service(handler: try order.handler.make(surroundings), journal: journal)
    service.serve(connection)
    if service.handler.keepsConnections { Clock.sleepForever() }
    exit(0)
  }
}
