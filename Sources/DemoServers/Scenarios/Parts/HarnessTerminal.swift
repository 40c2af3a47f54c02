import Glibc

/// A terminal of the harness's own (pty(7)), whose output can be stopped as Ctrl-S does. The harness
/// closes it at its end.
struct HarnessTerminal {
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
