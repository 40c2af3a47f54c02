import Glibc

/// Pieces of a scenario that several of them need.
extension ScenarioHarness {
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
  mutating func crowd(
    _ server: HarnessServer, poolQueue: Int, backlog: Int, saying text: String, inVain: Int
  ) throws(DemoError) {
    let waiting = server.process.threads(in: .lock)
    for _ in 0...poolQueue { try connect(to: server, saying: text) }
    try wait("the accepting thread to wait for room in the pool's queue") {
      server.process.threads(in: .lock) == waiting + 1 && server.queueLength == 0
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

  /// Processes that wait in connect() for a server to take them in (`BlockedCaller`).
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

  /// A port that nobody else gets while we keep it, bound and not listening: a server may bind it
  /// too, if it sets SO_REUSEADDR as we do.
  mutating func reservePort() throws(DemoError) -> UInt16 {
    let descriptor = try HarnessSocket.open(AF_INET, SOCK_STREAM)
    keep(descriptor)
    HarnessSocketOption.set(SO_REUSEADDR, to: 1, on: descriptor)
    try HarnessSocket.bind(descriptor, to: HarnessAddress(port: 0))
    return try HarnessSocket.port(of: descriptor)
  }

  /// A name that leaves no file behind and that no other harness uses.
  static func abstractName(_ word: String) -> String { "@sockinspect-demo-\(word)-\(getpid())" }
}
