import Foundation
import Glibc

/// A terminal that has no screen: what is typed arrives, nothing comes back.
final class Terminal {
  /// What the child opens: `/dev/pts/3`.
  let path: String
  private let keyboard: OpenFile
  /// Kept open, so that what is typed waits for a child that has yet to open it.
  private let childEnd: OpenFile

  init() throws {
    keyboard = try OpenFile(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), "/dev/ptmx")
    var locked: Int32 = 0
    var place: Int32 = 0
    guard ioctl(keyboard.number, 0x4004_5431, &locked) == 0,  // TIOCSPTLCK
      ioctl(keyboard.number, 0x8004_5430, &place) == 0  // TIOCGPTN
    else { throw CannotRun(words: ["open", "/dev/ptmx"], error: errno) }
    path = "/dev/pts/\(place)"
    childEnd = try OpenFile(open(path, O_RDWR | O_NOCTTY | O_CLOEXEC), path)
    var settings = termios()
    tcgetattr(childEnd.number, &settings)
    // An echo that nobody reads would fill the terminal's buffer.
    settings.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(childEnd.number, TCSANOW, &settings)
  }

  func type(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(keyboard.number, $0.baseAddress, $0.count) }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }
}
