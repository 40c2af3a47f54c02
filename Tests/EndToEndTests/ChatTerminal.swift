import Foundation
import Glibc

/// A program at a terminal of its own, which the test types at and reads from.
final class ChatTerminal {
  private let keyboard: Int32
  private let number: pid_t
  private(set) var screen = ""
  private var hasEnded = false

  init(_ words: [String], columns: UInt16 = 0, rows: UInt16 = 0) throws {
    keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var locked: Int32 = 0
    var place: Int32 = 0
    guard keyboard >= 0, ioctl(keyboard, 0x4004_5431, &locked) == 0,  // TIOCSPTLCK
      ioctl(keyboard, 0x8004_5430, &place) == 0  // TIOCGPTN
    else { throw CannotRun(words: ["open", "/dev/ptmx"], error: errno) }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
    let terminal = "/dev/pts/\(place)"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that the leader of a new session opens becomes its own, Ctrl-C and all.
    for descriptor in 0...2 as ClosedRange<Int32> {
      posix_spawn_file_actions_addopen(&actions, descriptor, terminal, O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, 0x80)  // POSIX_SPAWN_SETSID
    var process: pid_t = 0
    let arguments = words.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    let error = posix_spawn(
      &process, Tool.find(words[0]), &actions, &attributes, arguments + [nil], environ)
    guard error == 0 else { throw CannotRun(words: words, error: error) }
    number = process
  }

  deinit {
    if !hasEnded {
      kill(number, SIGKILL)
      waitpid(number, nil, 0)
    }
    close(keyboard)
  }

  func type(_ text: String) { _ = write(keyboard, text, text.utf8.count) }

  /// Reads until the screen has shown this so many times; false when it never does.
  func shows(_ text: String, times: Int = 1, within seconds: Double = 60) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    func isShown() -> Bool { screen.components(separatedBy: text).count > times }
    while !isShown(), Date() < deadline {
      var waiting = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 100) == 1 else { continue }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = read(keyboard, &bytes, bytes.count)
      if count <= 0 { break }
      screen += String(decoding: bytes[..<count], as: UTF8.self)
    }
    return isShown()
  }

  /// Its exit status; nil when it does not end or a signal ended it.
  func status() -> Int32? {
    let deadline = Date(timeIntervalSinceNow: 60)
    var status: Int32 = 0
    while Date() < deadline {
      _ = shows("\0", within: 0.05)
      guard waitpid(number, &status, WNOHANG) == number else { continue }
      hasEnded = true
      return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
    return nil
  }
}
