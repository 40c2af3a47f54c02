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

extension Terminal {
  /// Runs a program at a terminal of so many columns and lines; the answer is what it shows there,
  /// standard error included.
  static func shows(
    _ words: [String], columns: Int = 80, lines: Int = 24, environment: [String: String] = [:]
  ) throws -> String {
    let program = """
      import fcntl, os, pty, struct, sys, termios
      pid, end = pty.fork()
      if pid == 0:
          size = struct.pack("HHHH", int(sys.argv[2]), int(sys.argv[1]), 0, 0)
          fcntl.ioctl(0, termios.TIOCSWINSZ, size)
          os.execvp(sys.argv[3], sys.argv[3:])
      text = b""
      while True:
          try: piece = os.read(end, 65536)
          except OSError: break
          if not piece: break
          text += piece
      os.waitpid(pid, 0)
      sys.stdout.buffer.write(text)
      """
    let run = Program(
      words: ["python3", "-c", program, "\(columns)", "\(lines)"] + words,
      environment: environment)
    return try run.run().text.replacing("\r\n", with: "\n")
  }
}
