import Glibc

/// Makes a situation, says that it is ready, holds it, and takes it down.
public enum StageHold {
  /// Returns at end of input and on SIGTERM, SIGINT or SIGHUP. `say` gets the one line.
  public static func run<Failure: Error>(
    _ situation: any Situation, say: (String) throws(Failure) -> Void
  ) throws {
    for need in situation.needs { try need.provide() }
    StageSignals.block()
    keepInheritedToOurselves()
    var stage = Stage()
    let scene = try situation.make(on: &stage)
    try say(ReadyLine.text(situation, scene, stage.processes))
    while !inputHasEnded(waiting: 50), !StageSignals.haveArrived {
      try stage.checkParts()
      try situation.keepUp(scene, on: &stage)
    }
  }

  /// Descriptors that a shell or a test left open are nothing that a demo server should hold.
  private static func keepInheritedToOurselves() {
    for descriptor in (StageFile.names(in: "/proc/self/fd") ?? []).compactMap({ Int32($0) })
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
