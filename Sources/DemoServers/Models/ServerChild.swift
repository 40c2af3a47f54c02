import Glibc

/// What a child process of a server does; the other end of `ChildArguments`.
public enum ServerChild {
  /// The hidden command.
  public static let command = "serve-child"

  /// - Parameter words: what follows the command.
  public static func run(_ words: [String]) throws(DemoError) -> Never {
    guard let arguments = ChildArguments(words) else {
      throw .usage("\(command) is for processes of 'sockinspect serve', not for people")
    }
    ParentDeath.endsUs(expecting: arguments.parent)
    // Ctrl-C goes to all processes of the terminal; the parent ends us in its own time.
    Signals.ignore(SIGINT)
    let model = arguments.model
    ThreadName.set(
      ThreadName.numbered(model.processName + model.childMark, arguments.number))
    let journal = ServerLog(isQuiet: arguments.isQuiet, server: arguments.parent)
    let lock = arguments.lock >= 0 ? SharedLock.file(FileLock(adopting: arguments.lock)) : .none
    if model.children == .perConnection { try serveOne(arguments, lock, journal) }
    try serveAll(arguments, lock, journal)
  }

  private static func serveAll(
    _ arguments: ChildArguments, _ lock: SharedLock, _ journal: ServerLog
  ) throws(DemoError) -> Never {
    var plan = ServePlan(arguments.model)
    plan.handler = arguments.handler
    plan.isQuiet = arguments.isQuiet
    let listener = try ListeningSocket(adopting: arguments.socket)
    let server = try Server(plan, listener, lock, journal) { ReadyGate.pass(arguments.ready) }
    try plan.model.run(server)
  }

  /// One connection, then the end. Its own address is the server's.
  private static func serveOne(
    _ arguments: ChildArguments, _ lock: SharedLock, _ journal: ServerLog
  ) throws(DemoError) -> Never {
    let connection = Socket(adopting: arguments.socket)
    let context = HandlerContext(server: try ListeningSocket.address(of: connection), lock: lock)
    let service = Service(handler: try arguments.handler.make(context), journal: journal)
    service.serve(connection)
    if service.handler.keepsConnections { Clock.sleepForever() }
    exit(0)
  }
}

/// The orders of a child process of a server, as words that follow the hidden command:
/// `serve-child model=prefork handler=echo number=2 parent=812 socket=5 …`.
struct ChildArguments: Equatable {
  var model: ServerModel
  var handler: HandlerChoice
  /// Of the children, from 1; 0 when they are not counted.
  var number: Int
  /// Who must live for this to go on.
  var parent: Int32
  var isQuiet: Bool
  /// The listener, or the connection of a process per connection.
  var socket: Int32
  /// The file of the shared lock; -1 when there is none.
  var lock: Int32 = -1
  /// Where to write a byte once connections are accepted; -1 when the parent does not wait.
  var ready: Int32 = -1

  init(_ plan: ServePlan, socket: Int32, lock: SharedLock, number: Int = 0) {
    model = plan.model
    handler = plan.handler
    self.number = number
    parent = getpid()
    isQuiet = plan.isQuiet
    self.socket = socket
    if case .file(let file) = lock { self.lock = file.descriptor }
  }

  /// Starts the child. Nothing may interrupt between its start and our knowing about it: one
  /// that has already been reaped must not be remembered.
  func start() throws(DemoError) -> pid_t {
    let inherited = [socket, lock, ready].filter { $0 >= 0 }
    return try Signals.heldBack { () throws(DemoError) in
      let child = try SelfSpawner.start(words, inherited: inherited)
      Shutdown.endsFirst(child)
      return child
    }
  }

  var words: [String] {
    [
      ServerChild.command, "model=\(model.rawValue)", "handler=\(handler)", "number=\(number)",
      "parent=\(parent)", "quiet=\(isQuiet ? 1 : 0)", "socket=\(socket)", "lock=\(lock)",
      "ready=\(ready)",
    ]
  }

  /// Reads the words behind the command; nil when they are not ours.
  init?(_ words: [String]) {
    var values: [String: String] = [:]
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { values[parts[0]] = parts[1] }
    }
    func number(_ key: String) -> Int32? { values[key].flatMap { Int32($0) } }
    guard let model = values["model"].flatMap(ServerModel.init(rawValue:)),
      let handler = values["handler"].flatMap({ try? HandlerChoice($0) }),
      let count = number("number"), let parent = number("parent"), let quiet = number("quiet"),
      let socket = number("socket"), let lock = number("lock"), let ready = number("ready")
    else { return nil }
    (self.model, self.handler, self.number) = (model, handler, Int(count))
    (self.parent, isQuiet, self.socket) = (parent, quiet == 1, socket)
    (self.lock, self.ready) = (lock, ready)
  }
}

/// A pipe through which children say that they are ready.
struct ReadyGate: ~Copyable {
  private var pipe: Pipe

  init() throws(DemoError) { pipe = try Pipe() }

  /// Each child inherits it, and writes one byte.
  var entrance: Int32 { pipe.entrance }

  /// Waits until this many have said so. When the pipe ends before, one of them has died.
  mutating func wait(for count: Int) throws(DemoError) {
    pipe.closeEntrance()
    var bytes = [UInt8](repeating: 0, count: 64)
    var seen = 0
    while seen < count {
      let exit = pipe.exit
      let got = try SystemCall.retrying("wait for the children") {
        unsafe read(exit, &bytes, min(bytes.count, count - seen))
      }
      guard got > 0 else { throw DemoError("a child process ended before it was ready") }
      seen += got
    }
  }

  /// What a child does with the end that it has inherited.
  static func pass(_ entrance: Int32) {
    guard entrance >= 0 else { return }
    _ = unsafe write(entrance, [1] as [UInt8], 1)
    close(entrance)
  }
}
