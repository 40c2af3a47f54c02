import Glibc

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
}

extension ScenarioHarness {
  /// Two worker processes that want a file which another process has locked, and three clients
  /// behind them.
  ///
  /// - Parameters:
  ///   - lock: the holder's kind of lock.
  ///   - handler: the workers' handler for the file.
  ///   - isWanting: whether a worker asks for the lock now.
  mutating func lockFile(
    _ lock: WholeFileLock, wantedBy handler: String, of scenario: any Scenario,
    until waiting: String, _ isWanting: (ProcessView, _ path: String) -> Bool
  ) throws(DemoError) -> RunningScenario {
    let holder = try play("holder", of: scenario, lock.rawValue)
    guard let path = holder["path"] else { throw DemoError("the holder did not say its file") }
    let server = try serve(
      NamedServer("demo-prefork", .prefork, "\(handler):\(path)", workers: 2, backlog: 16),
      of: scenario)
    for _ in 0..<2 { try connect(to: server, saying: "update\n") }
    try wait(waiting, lasting: 1000) {
      server.process.children.count { isWanting($0, path) } == 2
    }
    for _ in 0..<3 { try connect(to: server, saying: "update\n") }
    try wait("three clients in the accept queue") { server.queueLength == 3 }
    return RunningScenario(server)
  }
}
