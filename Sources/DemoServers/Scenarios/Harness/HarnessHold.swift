import Glibc

/// Makes a scenario, says that it is ready, holds it, and takes it down.
public enum HarnessHold {
  /// Returns at end of input and on SIGTERM, SIGINT or SIGHUP. `say` gets the one line.
  public static func run<Failure: Error>(
    _ scenario: any Scenario, say: (String) throws(Failure) -> Void
  ) throws {
    for need in scenario.needs { try need.provide() }
    HarnessSignals.block()
    keepInheritedToOurselves()
    var harness = ScenarioHarness()
    let scene = try scenario.make(on: &harness)
    try say(ReadyLine.text(scenario, scene, harness.processes))
    while !inputHasEnded(waiting: 50), !HarnessSignals.haveArrived {
      try harness.checkParts()
      try scenario.keepUp(scene, on: &harness)
    }
  }

  /// Descriptors that a shell or a test left open are nothing that a demo server should hold.
  private static func keepInheritedToOurselves() {
    for descriptor in (HarnessFile.names(in: "/proc/self/fd") ?? []).compactMap({ Int32($0) })
    where descriptor > 2 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }

  /// What is typed is read and dropped: only its end counts.
  private static func inputHasEnded(waiting milliseconds: Int32) -> Bool {
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&input, 1, milliseconds) > 0 else { return false }
    var dropped = [UInt8](repeating: 0, count: 256)
    return unsafe read(0, &dropped, dropped.count) <= 0
  }
}
