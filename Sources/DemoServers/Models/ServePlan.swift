/// What a person asks for when starting a demo server.
public struct ServePlan: Sendable {
  public var model: ServerModel
  public var listen = ListenOptions(.ip4(host: "127.0.0.1", port: 0))
  public var handler = HandlerChoice.echo
  /// Processes of prefork, threads of the pool, processes of the others with SO_REUSEPORT; nil
  /// is what is usual for the model.
  public var workers: Int?
  /// Connections that may wait for a thread of the pool; then nobody accepts.
  public var queue = 16
  /// How long the worker model waits for each child, in seconds; 0: not at all.
  public var join = 1.0
  /// `RLIMIT_NOFILE`; nil: as many as we may have.
  public var maxFiles: UInt?
  /// Ends by itself after so many seconds.
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
    listen.sharesPort && (model == .prefork || model.needsShards && workers != nil)
  }

  /// Whether this process only watches over those that accept.
  var isSupervised: Bool { model == .prefork || hasShards }

  /// Whether several processes serve.
  var hasChildren: Bool { isSupervised || model == .worker }

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
