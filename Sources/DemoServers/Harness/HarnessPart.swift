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

/// A child process of the harness: this same program as a server, a client or something else.
///
/// It ends with the harness however that ends: by SIGTERM in the ordinary case, otherwise because
/// it asked the kernel for SIGKILL at its parent's death.
struct HarnessChild: Sendable {
  let pid: Int32
  /// Held open for as long as the child shall go on; some children end at end of input.
  private let input: Int32
  /// What the child prints.
  private let output: Int32

  /// - Parameters:
  ///   - inherited: descriptors that the child gets under the same numbers.
  ///   - errors: what its standard error is; nil is the harness's.
  init(
    _ words: [String], inherited: [Int32] = [], errors: Int32? = nil
  ) throws(DemoError) {
    var input = try Pipe()
    var output = try Pipe()
    pid = try SelfSpawner.start(
      words, inherited: inherited, input: input.exit, output: output.entrance, errors: errors)
    (self.input, self.output) = (input.takeEntrance(), output.takeExit())
  }

  /// The line that it prints when it is ready; it must do so before the deadline.
  func ready(until deadline: Deadline) throws(DemoError) -> ReadyFields {
    var line: [UInt8] = []
    while true {
      guard let byte = try nextByte(until: deadline) else { throw Self.notReady(line) }
      if byte != UInt8(ascii: "\n") {
        line.append(byte)
      } else if let words = ReadyFields(String(decoding: line, as: UTF8.self)) {
        return words
      } else {
        line = []
      }
    }
  }

  /// Byte by byte, so that nothing behind the line is taken; it is one line of a child's life.
  private func nextByte(until deadline: Deadline) throws(DemoError) -> UInt8? {
    while !Poll.isReadable(output, within: 20) {
      if deadline.hasPassed { throw DemoError("process \(pid) was not ready in time") }
      try ScenarioHarness.checkSignals()
    }
    var byte: UInt8 = 0
    return unsafe read(output, &byte, 1) == 1 ? byte : nil
  }

  private static func notReady(_ line: [UInt8]) -> DemoError {
    let said = line.isEmpty ? "nothing" : "'\(String(decoding: line, as: UTF8.self))'"
    return DemoError("a part of the scenario ended before it was ready; it said \(said)")
  }

  /// Whether it has ended. It stays a zombie until `end`, so that its number is not given to
  /// another process.
  var hasEnded: Bool {
    var found = unsafe siginfo_t()
    let options = WEXITED | WNOHANG | WNOWAIT
    let result = unsafe waitid(P_PID, id_t(pid), &found, options)
    return unsafe result != 0 || found._sifields._sigchld.si_pid != 0
  }

  /// Asks it to end, and forces it at the deadline. A stopped process must be continued first.
  func end(until deadline: Deadline) {
    kill(pid, SIGTERM)
    kill(pid, SIGCONT)
    close(input)
    while !hasEnded {
      if deadline.hasPassed { kill(pid, SIGKILL) }
      Clock.sleep(0.002)
    }
    waitpid(pid, nil, 0)
    close(output)
  }
}

/// The `name=value` words of a line that begins with `ready`.
struct ReadyFields {
  private let values: [Substring: Substring]

  /// Nil when the line says something else.
  init?(_ line: String) {
    let words = line.split(separator: " ")
    guard words.first == "ready" else { return nil }
    let pairs = words.dropFirst().map { $0.split(separator: "=", maxSplits: 1) }
    values = Dictionary(
      pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
  }

  subscript(name: String) -> String? { values[Substring(name)].map(String.init) }

  func number<Number: FixedWidthInteger>(_ name: String) throws(DemoError) -> Number {
    guard let text = self[name], let number = Number(text) else {
      throw DemoError("a part of the scenario got ready without saying its \(name)")
    }
    return number
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
