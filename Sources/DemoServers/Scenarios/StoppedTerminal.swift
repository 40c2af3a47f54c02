import Glibc

/// A server that logs to a terminal which someone has stopped with Ctrl-S.
struct StoppedTerminal: Scenario {
  let name = "stopped-terminal"
  let summary = "the server logs to a terminal stopped with Ctrl-S: its threads block in write()"
  let recipe = "a thread per connection that logs each request to a terminal; 3 requests"
  let expects: [FindingID] = [.outputBlocked]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    let terminal = try HarnessTerminal(on: &harness)
    try terminal.stopOutput()
    let server = try harness.serve(
      NamedServer("demo-thread", .thread, "log-line"), of: self, errors: terminal.descriptor)
    for _ in 0..<3 { try harness.connect(to: server, saying: "hello\n") }
    try harness.wait("three threads to block in write", lasting: 2500) {
      server.process.threads(in: .send) == 3 && server.hasReadAll
    }
    return RunningScenario(server)
  }
}

/// A terminal of the harness's own (pty(7)), whose output can be stopped as Ctrl-S does. The
/// harness closes it at its end.
private struct HarnessTerminal {
  /// What programs write to.
  let descriptor: Int32

  /// The other side, a terminal program's, is kept open and never read.
  init(on harness: inout ScenarioHarness) throws(DemoError) {
    let screen = try SystemCall.open("/dev/ptmx", O_RDWR | O_NOCTTY)
    harness.keep(screen)
    var isLocked: Int32 = 0
    var number: Int32 = 0
    guard unsafe ioctl(screen, Self.lock, &isLocked) == 0,
      unsafe ioctl(screen, Self.numberOf, &number) == 0
    else { throw .system("unlock a terminal") }
    descriptor = try SystemCall.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    harness.keep(descriptor)
  }

  /// TIOCSPTLCK and TIOCGPTN of asm/ioctls.h, with their argument's size in them.
  private static let lock: UInt = 0x4004_5431
  private static let numberOf: UInt = 0x8004_5430

  /// Stops what is written to it, until it is closed.
  func stopOutput() throws(DemoError) {
    guard tcflow(descriptor, Int32(TCOOFF)) == 0 else { throw .system("stop a terminal") }
  }
}
