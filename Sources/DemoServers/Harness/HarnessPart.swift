import Glibc

/// A part that a scenario plays itself, as the process that it was started as.
public enum HarnessPart {
  /// The words that follow `demo`: `@SCENARIO ROLE WORD…`. Only a harness writes them.
  public static func run(
    _ words: [String], among scenarios: [any Scenario]
  ) throws(DemoError) {
    guard let name = words.first?.dropFirst(), words.count > 1,
      let scenario = scenarios.first(where: { $0.name == name })
    else { throw DemoError("demo: unknown part of a scenario", status: 64) }
    try endWithParent()
    if words[1] == NamedServer.role { try NamedServer.run(Array(words.dropFirst(2))) }
    try scenario.act(words[1], Array(words.dropFirst(2)))
  }

  /// Says to the harness that it is ready, as `serve` does.
  static func sayReady(_ words: String) {
    let line = Array("ready pid=\(getpid()) \(words)\n".utf8)
    _ = unsafe write(1, line, line.count)
  }

  /// Sleeps in pause(2) until a signal ends us; a socket stays open meanwhile.
  static func sleepForever(holding socket: Socket? = nil) -> Never {
    withExtendedLifetime(socket) { while true { pause() } }
  }

  /// The name that ps and ss show.
  static func setName(_ name: String) { ThreadName.set(name) }

  /// A parent that was gone before we asked shows as the end of our input.
  private static func endWithParent() throws(DemoError) {
    ParentDeath.endsUs()
    if Poll.isReadable(0, within: 0) { throw DemoError("demo: the harness has ended") }
  }
}

/// A server that only scenarios start: one of the models under a name of its own, with any
/// handler, also one that `serve` does not offer.
struct NamedServer {
  /// What ps and ss call it; at most 15 bytes.
  var name: String
  var model: ServerModel
  /// As `--handler` takes it, `upstream:127.0.0.1:9000` say.
  var handler: String
  var workers: Int?
  var backlog: Int32 = 128

  /// The role of such a part; `HarnessPart` plays it for every scenario.
  static let role = "serve"

  /// What follows the role.
  var words: [String] {
    [name, model.rawValue, handler, "\(backlog)"] + (workers.map { ["\($0)"] } ?? [])
  }

  init(
    _ name: String, _ model: ServerModel, _ handler: String, workers: Int? = nil,
    backlog: Int32 = 128
  ) {
    (self.name, self.model, self.handler) = (name, model, handler)
    (self.workers, self.backlog) = (workers, backlog)
  }

  /// Reads `words`; nil when they are not ours.
  init?(_ words: [String]) {
    guard (4...5).contains(words.count), let model = ServerModel(rawValue: words[1]),
      let backlog = Int32(words[3])
    else { return nil }
    (name, self.model, handler, self.backlog) = (words[0], model, words[2], backlog)
    workers = words.count == 5 ? Int(words[4]) : nil
  }

  /// Serves on a port of 127.0.0.1 that the kernel chooses.
  static func run(_ words: [String]) throws(DemoError) -> Never {
    guard let server = NamedServer(words) else {
      throw DemoError("demo: a server needs NAME MODEL HANDLER BACKLOG [WORKERS]", status: 64)
    }
    var plan = ServePlan(server.model)
    plan.name = server.name
    plan.handler = try HandlerChoice(server.handler)
    plan.workers = server.workers
    plan.listen.backlog = server.backlog
    plan.listen.reusesAddress = true
    plan.isQuiet = true
    try ServerStart.run(plan)
  }
}

/// A client that waits in connect(), as most programs do, and tries again when that gives up.
enum BlockedCaller {
  static func run(to server: HarnessServer) throws(DemoError) {
    HarnessPart.setName("demo-caller")
    HarnessPart.sayReady("")
    while true {
      _ = try? Socket.open(to: server.socketAddress)
      Clock.sleep(0.1)
    }
  }

  /// What tells such a part whom to call: `port=9000` or `path=@name`.
  static func server(_ words: [String]) throws(DemoError) -> HarnessServer {
    guard let ready = ReadyFields("ready pid=0 address=127.0.0.1 " + words.joined(separator: " "))
    else { throw DemoError("demo: a caller needs port=N or path=NAME", status: 64) }
    return try HarnessServer(ready)
  }
}

/// A process that makes a file, locks it and keeps the lock, as a backup does that hangs.
enum FileHolder {
  /// - Parameter words: the kind of lock.
  static func run(_ words: [String]) throws(DemoError) -> Never {
    guard let lock = words.first.flatMap(WholeFileLock.init(rawValue:)) else {
      throw DemoError("demo: a holder needs a kind of lock", status: 64)
    }
    HarnessPart.setName("demo-backup")
    // The file goes with us, whatever the harness dies of.
    Shutdown.prepare(after: nil)
    ParentDeath.endsUs(with: SIGTERM)
    let (descriptor, path) = try Signals.heldBack(make)
    try lock.take(descriptor)
    HarnessPart.sayReady("path=\(path)")
    Clock.sleepForever()
  }

  private static func make() throws(DemoError) -> (descriptor: Int32, path: String) {
    var name = Array("/tmp/sockinspect-demo-XXXXXX".utf8CString)
    let descriptor = try SystemCall.retrying("make a file in /tmp") {
      unsafe mkstemp(&name)
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    RemovedFile.set(path)
    return (descriptor, path)
  }

  /// Two worker processes that want a file which another process has locked, and three clients
  /// behind them.
  ///
  /// - Parameters:
  ///   - lock: the holder's kind of lock.
  ///   - handler: the workers' handler for the file.
  ///   - isWanting: whether a worker asks for the lock now.
  static func lockFile(
    _ lock: WholeFileLock, wantedBy handler: String, of scenario: any Scenario,
    on harness: inout ScenarioHarness, until waiting: String,
    _ isWanting: (ProcessView, _ path: String) -> Bool
  ) throws(DemoError) -> RunningScenario {
    let holder = try harness.play("holder", of: scenario, lock.rawValue)
    guard let path = holder["path"] else { throw DemoError("the holder did not say its file") }
    let server = try harness.serve(
      NamedServer("demo-prefork", .prefork, "\(handler):\(path)", workers: 2, backlog: 16),
      of: scenario)
    for _ in 0..<2 { try harness.connect(to: server, saying: "update\n") }
    try harness.wait(waiting, lasting: 1000) {
      server.process.children.count { isWanting($0, path) } == 2
    }
    for _ in 0..<3 { try harness.connect(to: server, saying: "update\n") }
    try harness.wait("three clients in the accept queue") { server.queueLength == 3 }
    return RunningScenario(server)
  }
}
