import Glibc

/// A way to divide the work of accepting and serving among processes and threads; one file each.
protocol Model: SendableMetatype {
  /// In the process, or in each of the processes, that accept.
  init(server: Server) throws(DemoError)
  /// Serves for as long as the process lives.
  func run() throws(DemoError) -> Never
}

/// One kind of model as it is typed and started: `serial`.
public struct ServerModel: RawRepresentable, CaseIterable, Equatable, Sendable {
  /// All there are; one file each.
  public static let allCases: [ServerModel] = [.serial, .worker, .prefork, .thread, .pool, .event]

  /// As typed: `serial`.
  public let rawValue: String
  /// For the help.
  public let meaning: String
  /// Whether `--workers` means something to it.
  let takesWorkers: Bool
  /// Several processes make sense only when each has its own listener.
  let needsShards: Bool
  let children: Children
  /// What is between the name and the number of a child that accepts.
  let childMark: String
  let kind: any Model.Type

  /// Which processes it starts on its own.
  enum Children {
    case none
    /// One for each connection that was accepted.
    case perConnection
    /// Some that accept, while their parent watches over them.
    case acceptors
  }

  init(
    _ name: String, meaning: String, takesWorkers: Bool = true, needsShards: Bool = false,
    children: Children = .none, childMark: String = "-", _ kind: any Model.Type
  ) {
    rawValue = name
    self.meaning = meaning
    self.takesWorkers = takesWorkers
    self.needsShards = needsShards
    self.children = children
    self.childMark = childMark
    self.kind = kind
  }

  public init?(rawValue: String) {
    guard let model = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = model
  }

  /// `demo-serial`.
  var processName: String { "demo-\(rawValue)" }

  func run(_ server: Server) throws(DemoError) -> Never {
    try kind.init(server: server).run()
  }
}

/// What a person asks for when starting a demo server.
public struct ServePlan: Sendable {
  public var model: ServerModel
  public var listen = ListenOptions(.loopback())
  public var handler = HandlerChoice.echo
  /// Processes of prefork, threads of the pool, processes of the others with SO_REUSEPORT; nil
  /// is what is usual for the model.
  public var workers: Int?
  /// Connections that may wait for a thread of the pool; when they do, it accepts no more.
  public var queue = 16
  /// How long the worker model waits for each child, in seconds; 0: not at all.
  public var join = 1.0
  /// `RLIMIT_NOFILE`; nil: as many as we may have.
  public var maxFiles: UInt?
  /// Seconds to run for; nil: until a signal comes.
  public var duration: Double?
  public var isQuiet = false
  /// What ps calls the server; nil: after its model.
  public var name: String?
  public var diesWithParent = false

  public init(_ model: ServerModel) { self.model = model }

  /// What ps and ss call it: `demo-serial`.
  var processName: String { name ?? model.processName }

  /// Whether several processes, each with a listener of its own, share the port.
  var hasShards: Bool {
    listen.sharesPort && (model.children == .acceptors || model.needsShards && workers != nil)
  }

  /// Whether several processes serve.
  var hasChildren: Bool { hasShards || model.children != .none }

  /// What can be refused before anything is started.
  public func check() throws(DemoError) {
    if queue < 1 { throw .usage("--queue goes from 1, not \(queue)") }
    if let workers, !(1...1000).contains(workers) {
      throw .usage("--workers goes from 1 to 1000, not \(workers)")
    }
    if workers != nil, !model.takesWorkers {
      throw .usage("the \(model.rawValue) model has no --workers")
    }
    if workers != nil, model.needsShards, !listen.sharesPort {
      throw .usage("--workers needs --reuseport in the \(model.rawValue) model")
    }
    if listen.sharesPort, listen.address.port == nil {
      throw .usage("--reuseport is for ports; a unix socket has none")
    }
  }
}

/// Starts what a plan asks for, in this process.
public enum ServerStart {
  /// Serves until a signal or the time of `--for` ends the process. What it throws says why it
  /// could not begin or go on; nothing is left running then.
  public static func run(_ plan: ServePlan) throws(DemoError) -> Never {
    try plan.check()
    if plan.diesWithParent { ParentDeath.endsUs() }
    if let files = plan.maxFiles { try OpenFileLimit.set(files) } else { OpenFileLimit.raise() }
    ThreadName.set(plan.processName)
    Shutdown.prepare(after: plan.duration)
    let journal = ServerLog(isQuiet: plan.isQuiet, server: getpid())
    do {
      if plan.hasShards { try serveInShards(plan, journal) }
      try serve(plan, journal)
    } catch {
      Shutdown.cleanUp()
      throw error
    }
  }

  private static func serve(_ plan: ServePlan, _ journal: ServerLog) throws(DemoError) -> Never {
    let listener = try listen(plan)
    let address = listener.address
    ListenNotes.show(plan.listen, address, journal)
    let lock =
      plan.hasChildren ? SharedLock.file(try FileLock()) : SharedLock.mutex(ThreadLock())
    if plan.model.children == .acceptors {
      try Supervisor(plan, address, lock, journal, shared: listener).run()
    }
    let server = try Server(plan, listener, lock, journal) { journal.ready(address) }
    try plan.model.run(server)
  }

  /// The first shard finds the port of the others.
  private static func serveInShards(
    _ plan: ServePlan, _ journal: ServerLog
  ) throws(DemoError) -> Never {
    let lock = SharedLock.file(try FileLock())
    try Supervisor(plan, plan.listen.address, lock, journal, shared: nil).run()
  }

  /// No signal comes between a socket's file and our knowing that we have made it.
  private static func listen(_ plan: ServePlan) throws(DemoError) -> ListeningSocket {
    try Signals.heldBack { () throws(DemoError) in
      let listener = try ListeningSocket(plan.listen)
      if case .path(let file) = plan.listen.address { RemovedFile.set(file) }
      return listener
    }
  }
}

/// What the person who starts a listener should know, on standard error.
enum ListenNotes {
  static func show(_ asked: ListenOptions, _ address: SocketAddress, _ journal: ServerLog) {
    if !address.isLocal {
      journal.trouble("note: listening beyond loopback, on \(address): others can connect")
    }
    if let most = longestQueue, asked.backlog > most {
      journal.trouble(
        "note: the kernel cuts the backlog of \(asked.backlog) to \(most) (net.core.somaxconn)")
    }
  }

  /// `net.core.somaxconn` of our network namespace; nil when it cannot be read.
  private static var longestQueue: Int32? {
    SmallFile.text("/proc/sys/net/core/somaxconn").flatMap { Int32($0.prefix(while: \.isNumber)) }
  }
}
