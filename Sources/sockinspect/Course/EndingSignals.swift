import Glibc
import ProcNet

/// The signals that end a tour in good order: SIGINT, SIGTERM and SIGHUP.
///
/// They are blocked and looked for while waiting: no handler, so nothing is shared with one, and
/// whatever was started is ended by the ordinary way out.
enum EndingSignals {
  private static let all = [SIGINT, SIGTERM, SIGHUP]

  static func block() {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in all { unsafe sigaddset(&set, signal) }
    unsafe sigprocmask(SIG_BLOCK, &set, nil)
  }

  /// Throws when a signal has asked us to end.
  static func check() throws(TourError) {
    var set = sigset_t()
    unsafe sigpending(&set)
    if all.contains(where: { unsafe sigismember(&set, $0) == 1 }) { throw .left }
  }

  /// Waits a moment, not longer than until a signal asks us to end.
  static func pause(milliseconds: Int) throws(TourError) {
    try check()
    usleep(UInt32(milliseconds) * 1000)
    try check()
  }
}

/// Why a tour comes to an end before its last step.
enum TourError: Error {
  /// The reader has had enough: `q`, end of input, or a signal. Not a failure.
  case left
  /// A command in the background did not get under way; one sentence without a full stop.
  case notReady(String)
  case failed(KernelError)
}

/// Where the reader says that he has seen enough of a screen.
struct Keyboard {
  /// Waits for a line. `q` and end of input end the tour.
  func waitForEnter() throws(TourError) {
    var line: [UInt8] = []
    while true {
      let byte = try nextByte()
      if byte != UInt8(ascii: "\n") {
        line.append(byte)
      } else {
        if line.first == UInt8(ascii: "q") || line.first == UInt8(ascii: "Q") { throw .left }
        return
      }
    }
  }

  private func nextByte() throws(TourError) -> UInt8 {
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    repeat { try EndingSignals.check() } while unsafe poll(&input, 1, 50) <= 0
    var byte: UInt8 = 0
    guard unsafe read(0, &byte, 1) == 1 else { throw .left }
    return byte
  }
}
