import Glibc

/// Makes a scenario: starts the parts, watches the kernel until it shows the state, and takes
/// everything down again.
public struct ScenarioHarness: ~Copyable {
  /// States come about in a fraction of a second; on a machine that is busy otherwise everything
  /// takes longer, and giving up early does not help.
  private static let patience = 45_000
  private let deadline = Deadline(in: patience)
  private var children: [HarnessChild] = []
  /// Connections that this process holds, in the order they were made.
  private(set) var clients: [HarnessClient] = []
  /// The client that is there just now in a row of short visits; one of `clients`.
  private var visitor: HarnessClient?
  /// Descriptors that are to be closed at the end.
  private var descriptors: [Int32] = []
  /// Sockets that are not clients, to be closed at the end.
  private(set) var sockets: [Socket] = []

  init() {}

  deinit { end() }

  /// Starts `serve MODEL` on a port of 127.0.0.1 that the kernel chooses, unless an option says
  /// otherwise.
  mutating func serve(_ model: String, _ options: String...) throws(DemoError) -> HarnessServer {
    try serve([model] + options)
  }

  private mutating func serve(_ words: [String]) throws(DemoError) -> HarnessServer {
    var options = ["--quiet", "--die-with-parent"]
    // What ends first keeps its port in TIME-WAIT; the next server may have it nevertheless.
    if !words.contains("--unix") { options.append("--reuse-address") }
    return try settled(HarnessServer(start(["serve"] + words + options)), words)
  }

  /// Starts `load` against a server and waits until its connections are there.
  @discardableResult
  mutating func load(
    _ server: HarnessServer, _ options: String...
  ) throws(DemoError) -> ProcessView {
    let words = try start(["load", server.target] + options + ["--quiet", "--die-with-parent"])
    return ProcessView(pid: try words.number("pid"))
  }

  /// Starts a server that `serve` does not offer.
  /// - Parameter errors: what its standard error is; nil is the harness's.
  mutating func serve(
    _ server: NamedServer, of scenario: any Scenario, errors: Int32? = nil
  ) throws(DemoError) -> HarnessServer {
    let words = ["demo", "@\(scenario.name)", NamedServer.role] + server.words
    return try settled(HarnessServer(start(words, errors: errors)), words)
  }

  /// Workers that are just as old as their connections look like children started for these.
  private func settled(_ server: HarnessServer, _ words: [String]) throws(DemoError)
    -> HarnessServer
  {
    guard words.contains(ServerModel.prefork.rawValue) else { return server }
    try wait("workers that are there before their clients", lasting: 200) {
      !server.process.children.isEmpty
    }
    return server
  }

  /// Starts a part that the scenario itself plays (`act`).
  /// - Parameter inherited: descriptors that the part gets under the same numbers.
  mutating func play(
    _ role: String, of scenario: any Scenario, _ words: String..., inherited: [Int32] = []
  ) throws(DemoError) -> ReadyFields {
    try start(["demo", "@\(scenario.name)", role] + words, inherited: inherited)
  }

  private mutating func start(
    _ words: [String], inherited: [Int32] = [], errors: Int32? = nil
  ) throws(DemoError) -> ReadyFields {
    let child = try HarnessChild(words, inherited: inherited, errors: errors)
    children.append(child)
    return try child.ready(until: deadline)
  }

  /// A client whose handshake has ended; the text is sent at once.
  @discardableResult
  mutating func connect(
    to server: HarnessServer, saying text: String = ""
  ) throws(DemoError) -> HarnessClient {
    let client = try knock(at: server)
    try wait("a connection to \(server.target)") { client.isConnected }
    client.say(text)
    return client
  }

  /// A client that begins to connect; it may have to wait for that.
  @discardableResult
  mutating func knock(at server: HarnessServer) throws(DemoError) -> HarnessClient {
    let client = try HarnessClient(to: server)
    clients.append(client)
    return client
  }

  /// Lets clients knock until something has come about; eight between two readings, because a
  /// host with many connections takes its time to list them.
  mutating func knock(
    at server: HarnessServer, until what: String, _ condition: () -> Bool
  ) throws(DemoError) {
    while !condition() {
      for _ in 0..<8 { try knock(at: server) }
      try goOn(waitingFor: what)
    }
  }

  /// Fills an accept queue to the brim and lets more clients knock in vain.
  ///
  /// A queue with a limit of N holds N + 1; later ones stay in SYN-SENT and retry.
  mutating func crowd(
    _ server: HarnessServer, backlog: Int, saying text: String = "", inVain: Int = 0
  ) throws(DemoError) {
    for _ in 0...backlog { try connect(to: server, saying: text) }
    for _ in 0..<inVain { try knock(at: server) }
    try wait("\(backlog + 1) connections in the accept queue") {
      server.queueLength == backlog + 1
    }
    if inVain > 0 {
      try wait("\(inVain) clients without an answer") { server.clients(.synSent).count >= inVain }
    }
  }

  /// Sends datagrams to a server from now on.
  mutating func sendDatagrams(to server: HarnessServer) throws(DemoError) {
    clients.append(try HarnessClient(datagramsTo: server))
  }

  /// Ends a client's connection with a FIN.
  mutating func hangUp(_ client: HarnessClient) {
    clients.removeAll { $0.socket === client.socket }
    client.hangUp()
  }

  /// Takes over a descriptor, to close it at the end.
  mutating func keep(_ descriptor: Int32) { descriptors.append(descriptor) }
  mutating func keep(_ socket: Socket) { sockets.append(socket) }

  /// One whole visit, to see that the server answers.
  mutating func visitOnce(_ server: HarnessServer) throws(DemoError) {
    let client = try connect(to: server, saying: Self.question)
    try wait("an answer from \(server.target)") { client.hear() == Self.question }
    hangUp(client)
  }

  /// Part of an endless row of visits: the visitor who has an answer goes, then the next comes.
  /// Called some twenty times a second, it makes some ten visits a second.
  mutating func visit(_ server: HarnessServer) throws(DemoError) {
    if let visitor {
      guard !visitor.hear().isEmpty else { return }
      hangUp(visitor)
      self.visitor = nil
    } else {
      visitor = try connect(to: server, saying: Self.question)
    }
  }

  private static var question: String { "how are you?\n" }

  /// Stops a server as SIGSTOP and Ctrl-Z do.
  func stop(_ server: HarnessServer) throws(DemoError) {
    kill(server.pid, SIGSTOP)
    try wait("process \(server.pid) to stop") { server.process.state == "T" }
  }

  /// A client that takes a server's one lock, and keeps it while it is connected.
  mutating func takeLock(of server: HarnessServer) throws(DemoError) {
    let holder = try connect(to: server, saying: "begin\n")
    try wait("the lock to be taken") { !holder.hear().isEmpty }
  }

  /// Fills a pool's own queue of N, and with one more the hands of its accepting thread; only then
  /// the kernel's accept queue.
  /// - Parameter locked: how many threads of the pool wait for a lock by then. Threads without work
  ///   wait as well, so it cannot be counted while the pool is about to take work.
  mutating func crowd(
    _ server: HarnessServer, poolQueue: Int, locked: Int = 0, backlog: Int, saying text: String,
    inVain: Int
  ) throws(DemoError) {
    for _ in 0...poolQueue { try connect(to: server, saying: text) }
    try wait("the accepting thread to wait for room in the pool's queue") {
      server.process.threads(in: .lock) == locked + 1 && server.queueLength == 0
    }
    try crowd(server, backlog: backlog, saying: text, inVain: inVain)
  }

  /// Processes that share a port, each with a listener of its own.
  mutating func shards(_ count: Int) throws(DemoError) -> [HarnessServer] {
    let first = try serve("event", "--reuseport", "--backlog", "8")
    var shards = [first]
    while shards.count < count {
      shards.append(
        try serve("event", "--reuseport", "--backlog", "8", "--port", "\(first.port)"))
    }
    return shards
  }

  /// Processes that wait in connect() to be accepted (`BlockedCaller`).
  mutating func callers(
    _ count: Int, of scenario: any Scenario, _ server: String
  ) throws(DemoError) -> [ProcessView] {
    var callers: [ProcessView] = []
    for _ in 0..<count {
      let ready = try play("caller", of: scenario, server)
      callers.append(ProcessView(pid: try ready.number("pid")))
    }
    return callers
  }

  /// A port that no other process gets while we keep it, bound and not listening: a server may
  /// bind it too, if it sets SO_REUSEADDR as we do.
  mutating func reservePort() throws(DemoError) -> UInt16 {
    let socket = try Socket(SOCK_STREAM, family: AF_INET)
    keep(socket)
    try socket.set(SO_REUSEADDR, to: 1)
    try socket.bind(to: .loopback())
    return socket.port
  }

  /// A name that leaves no file behind and that no other harness uses.
  static func abstractName(_ word: String) -> String { "@sockinspect-demo-\(word)-\(getpid())" }

  /// Reads the kernel's tables until a condition holds.
  func wait(_ what: String, until condition: () throws(DemoError) -> Bool) throws(DemoError) {
    while try !condition() {
      try goOn(waitingFor: what)
    }
  }

  /// Watches the kernel until something has lasted for a while without a break: a request that
  /// has just been read is not an unanswered one.
  func wait(
    _ what: String, lasting milliseconds: Int, _ condition: () -> Bool
  ) throws(DemoError) {
    var end = Deadline(in: milliseconds)
    try wait(what) {
      if !condition() { end = Deadline(in: milliseconds) }
      return end.hasPassed
    }
  }

  /// A short pause between two readings. Throws when waiting on is of no use, and at its end.
  func goOn(waitingFor what: String) throws(DemoError) {
    try Self.checkSignals()
    try checkParts()
    if deadline.hasPassed {
      throw DemoError("waited \(Self.patience / 1000) s in vain for \(what)")
    }
    Clock.sleep(0.005)
  }

  static func checkSignals() throws(DemoError) {
    if Signals.arePending(Signals.ending) {
      throw DemoError("ended before the scenario stood")
    }
  }

  /// Throws when a part has ended on its own. Ctrl-C reaches the parts as well as us, and does
  /// not count.
  func checkParts() throws(DemoError) {
    for child in children where child.hasEnded && !Signals.arePending(Signals.ending) {
      throw DemoError("process \(child.pid) of the scenario has ended")
    }
  }

  /// All processes of the scenario but this one.
  var processes: [ProcessView] { ProcessView(pid: getpid()).descendants }

  /// Clients first, so that servers that wait for them wake up and TIME-WAIT is theirs; then the
  /// parts one by one, the last one first, because it is a client of the earlier ones.
  private func end() {
    let all = processes
    for client in clients { client.socket.close() }
    for socket in sockets { socket.close() }
    for descriptor in descriptors { close(descriptor) }
    let deadline = Deadline(in: 2000)
    for child in children.reversed() { child.end(until: deadline) }
    // Children of children end on their own; be gone only after them.
    while !deadline.hasPassed, all.contains(where: \.exists) { Clock.sleep(0.002) }
  }
}

/// A scenario that is ready, to be announced.
public struct ReadyScenario {
  public let scenario: any Scenario
  public let running: RunningScenario
  let processes: [ProcessView]

  /// `ready {…}`: one line for programs.
  public var line: String { ReadyLine.text(scenario, running, processes) }

  /// What to type in another terminal to see more of it.
  public var commands: [String] {
    guard let target = running.target else { return [] }
    return ["diagnose", "list"].map { ReadyLine.command($0, scenario, target) }
  }
}

/// Makes a scenario, says that it is ready, holds it, and takes it down.
public enum HarnessHold {
  /// Returns at end of input and on SIGTERM, SIGINT or SIGHUP.
  public static func run<Failure: Error>(
    _ scenario: any Scenario, say: (ReadyScenario) throws(Failure) -> Void
  ) throws {
    for need in scenario.needs { try need.provide() }
    Signals.block(Signals.ending)
    keepInheritedToOurselves()
    var harness = ScenarioHarness()
    let running = try scenario.make(on: &harness)
    try say(
      ReadyScenario(scenario: scenario, running: running, processes: harness.processes))
    // What is typed is dropped: only its end counts.
    while !ClientInput.standard.hasEnded(within: 50), !Signals.arePending(Signals.ending) {
      try harness.checkParts()
      try scenario.keepUp(running, on: &harness)
    }
  }

  /// A demo server should not hold descriptors that a shell or a test left open.
  private static func keepInheritedToOurselves() {
    for descriptor in (SmallFile.names(in: "/proc/self/fd") ?? []).compactMap({ Int32($0) })
    where descriptor > 2 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }
}

/// The line that reports a scenario as ready, for people and programs: `ready {…}`.
enum ReadyLine {
  static func text(
    _ scenario: any Scenario, _ running: RunningScenario, _ processes: [ProcessView]
  ) -> String {
    var members = [
      ("scenario", JSONText.quote(scenario.name)),
      ("expects", JSONText.array(scenario.expects.map { JSONText.quote($0.rawValue) })),
      ("allows", JSONText.array(scenario.allows.map { JSONText.quote($0.rawValue) })),
      ("pids", JSONText.array(processes.map { "\($0.pid)" })),
    ]
    if let first = running.servers.first { members += place(of: first) }
    members.append(("servers", JSONText.array(running.servers.map(server))))
    if scenario.needs.contains(.ownNetwork) { members.append(("netns", "\(getpid())")) }
    if let note = running.note { members.append(("note", JSONText.quote(note))) }
    if let target = running.target {
      members.append(("target", JSONText.quote(target)))
      members.append(("try", JSONText.quote(command("diagnose", scenario, target))))
    }
    return "ready " + JSONText.object(members)
  }

  /// What to type in another terminal.
  static func command(_ name: String, _ scenario: any Scenario, _ target: String) -> String {
    let network = scenario.needs.contains(.ownNetwork) ? "--netns \(getpid()) " : ""
    return "sockinspect \(name) \(network)\(target)"
  }

  private static func server(_ server: HarnessServer) -> String {
    JSONText.object([("pid", "\(server.pid)")] + place(of: server))
  }

  private static func place(of server: HarnessServer) -> [(String, String)] {
    let netid = ("netid", JSONText.quote(server.netid))
    if let path = server.path { return [netid, ("path", JSONText.quote(path))] }
    return [netid, ("address", JSONText.quote(server.address)), ("port", "\(server.port)")]
  }
}

/// JSON of our own plain words.
enum JSONText {
  static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\0"..<" ": quoted += "?"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  static func array(_ values: [String]) -> String { "[\(values.joined(separator: ", "))]" }

  static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\(quote($0)): \($1)" }.joined(separator: ", ") + "}"
  }
}
