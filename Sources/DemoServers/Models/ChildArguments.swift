import Glibc

/// What a child process of a server is told, as words behind the hidden command `serve-child`:
/// `serve-child model=prefork handler=echo number=2 parent=812 socket=5 …`.
struct ChildArguments: Equatable {
  static let command = "serve-child"

  var model: ServerModel
  var handler: HandlerChoice
  /// Of the children, from 1; 0 when they are not counted.
  var number: Int
  /// Who must live for this to go on.
  var parent: Int32
  var isQuiet: Bool
  /// The listener, or the connection of the worker model.
  var socket: Int32
  /// The file of the shared lock; -1 when there is none.
  var lock: Int32 = -1
  /// Where to write a byte once connections are accepted; -1 when nobody waits for it.
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
}

extension ChildArguments {
  var words: [String] {
    [
      Self.command, "model=\(model.rawValue)", "handler=\(handler)", "number=\(number)",
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
