import Glibc

/// Where a scenario is made: it starts the parts, watches the kernel until the state really
/// stands, and takes everything down again.
public struct ScenarioHarness: ~Copyable {
  /// States come about in a fraction of a second; on a machine that is busy otherwise everything
  /// takes longer, and giving up early helps nobody.
  private static let patience = 45_000
  private let deadline = Deadline(in: patience)
  private var children: [HarnessChild] = []
  /// Connections that this process holds, in the order they were made.
  private(set) var clients: [HarnessClient] = []
  /// The client that is there just now in a row of short visits; one of `clients`.
  var visitor: HarnessClient?
  /// Descriptors that are to be closed at the end.
  private(set) var descriptors: [Int32] = []

  init() {}

  deinit { end() }

  // MARK: Parts

  /// Starts `serve MODEL` on a port of 127.0.0.1 that the kernel chooses, unless told otherwise.
  mutating func serve(_ model: String, _ options: String...) throws(DemoError) -> HarnessServer {
    try serve([model] + options)
  }

  mutating func serve(_ words: [String]) throws(DemoError) -> HarnessServer {
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

  // MARK: Clients

  /// A client whose handshake has ended; what it says it says at once.
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

  /// Lets clients knock until something has come about; eight between two looks, because a host
  /// with many connections takes its time to list them.
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
    clients.removeAll { $0.descriptor == client.descriptor }
    client.hangUp()
  }

  /// Takes over a descriptor, to close it at the end.
  mutating func keep(_ descriptor: Int32) { descriptors.append(descriptor) }

  // MARK: Watching

  /// Looks at the kernel until it says so.
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

  /// A moment's pause between two looks. Throws where no patience helps, and at its end.
  func goOn(waitingFor what: String) throws(DemoError) {
    try Self.checkSignals()
    try checkParts()
    if deadline.hasPassed {
      throw DemoError("waited \(Self.patience / 1000) s in vain for \(what)")
    }
    Deadline.pause(5)
  }

  static func checkSignals() throws(DemoError) {
    if HarnessSignals.haveArrived { throw DemoError("ended before the scenario stood") }
  }

  /// A part that has ended by itself: the scenario does not stand any more. Ctrl-C reaches the
  /// parts as well as us, and is none of that.
  func checkParts() throws(DemoError) {
    for child in children where child.hasEnded && !HarnessSignals.haveArrived {
      throw DemoError("process \(child.pid) of the scenario has ended")
    }
  }

  /// All processes of the scenario but this one.
  var processes: [ProcessView] { ProcessView(pid: getpid()).descendants }

  // MARK: End

  /// Clients first, so that whoever waits for them wakes up and TIME-WAIT is theirs; then the
  /// parts one by one, the last one first, because it is a client of the earlier ones.
  private func end() {
    let all = processes
    for client in clients { close(client.descriptor) }
    for descriptor in descriptors { close(descriptor) }
    let deadline = Deadline(in: 2000)
    for child in children.reversed() { child.end(until: deadline) }
    // Children of children end by themselves; be gone only after them.
    while !deadline.hasPassed, all.contains(where: \.exists) { Deadline.pause(2) }
  }
}
