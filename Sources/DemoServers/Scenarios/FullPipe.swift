import CLinux
import Glibc

/// A server that logs into a pipe whose reader does not read.
struct FullPipe: Scenario {
  let name = "full-pipe"
  let summary = "the server logs into a pipe whose reader sleeps: its threads block in write()"
  let recipe = "a thread per connection, each request logged into a pipe; a reader that sleeps"
  let expects: [FindingID] = [.outputBlocked]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let server = try startLogging(on: &harness)
    // The first few lines fit into the pipe; who gets an answer leaves.
    while server.process.threads(in: .send) < 3 {
      try harness.connect(to: server, saying: "hello\n")
      for client in harness.clients where !client.hear().isEmpty { harness.hangUp(client) }
      try harness.goOn(waitingFor: "a full pipe")
    }
    try harness.wait("threads to block in write", lasting: 2500) {
      server.process.threads(in: .send) >= 3 && server.hasReadAll
    }
    return RunningScenario(server)
  }

  /// Only the reader has the one end, and only the server the other.
  private func startLogging(on harness: inout ScenarioHarness) throws(DemoError) -> HarnessServer {
    let pipe = try HarnessPipe()
    _ = try harness.play("reader", of: self, inherited: [pipe.exit])
    return try harness.serve(
      NamedServer("demo-thread", .thread, "log-line"), of: self, errors: pipe.entrance)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    HarnessPart.setName("demo-logger")
    HarnessPart.sayReady("")
    HarnessPart.sleepForever()
  }
}

/// A pipe with room for one page.
struct HarnessPipe: ~Copyable {
  let entrance, exit: Int32

  /// F_SETPIPE_SZ of linux/fcntl.h (since Linux 2.6.35).
  private static let setSize: Int32 = 1031

  init() throws(DemoError) {
    var ends: [Int32] = [-1, -1]
    _ = try SystemCall.retrying("make a pipe") { unsafe pipe2(&ends, O_CLOEXEC) }
    (exit, entrance) = (ends[0], ends[1])
    _ = fcntl(entrance, Self.setSize, 4096)
  }

  deinit {
    close(exit)
    close(entrance)
  }
}
