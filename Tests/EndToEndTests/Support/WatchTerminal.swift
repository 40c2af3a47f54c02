import Foundation
import Glibc

/// A full-screen program at a terminal of its own, which the test types at and looks at.
///
/// The test keeps an end of the terminal open, so that it can be looked at when the program is gone.
final class WatchTerminal {
  private(set) var screen: ScreenReader
  private var keyboard: OpenFile?
  private let terminal: OpenFile
  private let before: [UInt8]
  let number: pid_t
  private var ending: Shutdown?

  init(
    _ words: [String], columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
  ) throws {
    let keyboard = try OpenFile(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), "/dev/ptmx")
    var locked: Int32 = 0
    var place: Int32 = 0
    _ = ioctl(keyboard.number, 0x4004_5431, &locked)  // TIOCSPTLCK
    _ = ioctl(keyboard.number, 0x8004_5430, &place)  // TIOCGPTN
    let path = "/dev/pts/\(place)"
    terminal = try OpenFile(open(path, O_RDWR | O_NOCTTY | O_CLOEXEC), path)
    self.keyboard = keyboard
    screen = ScreenReader(columns: columns, rows: rows)
    Self.set(terminal.number, columns, rows)
    before = Self.settings(of: terminal.number)
    number = try Self.spawn(words, path, environment)
  }

  deinit {
    guard ending == nil else { return }
    kill(number, SIGKILL)
    waitpid(number, nil, 0)
  }

  private static func set(_ terminal: Int32, _ columns: Int, _ rows: Int) {
    var size = winsize()
    (size.ws_col, size.ws_row) = (UInt16(columns), UInt16(rows))
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
  }

  /// The settings as bytes, to be compared.
  private static func settings(of terminal: Int32) -> [UInt8] {
    var settings = termios()
    tcgetattr(terminal, &settings)
    return withUnsafeBytes(of: &settings) { Array($0) }
  }

  /// Whether all is as it was: settings, screen and cursor.
  var isGivenBack: Bool {
    Self.settings(of: terminal.number) == before && !screen.isFullScreen && screen.showsCursor
  }

  var isTaken: Bool {
    Self.settings(of: terminal.number) != before && screen.isFullScreen && !screen.showsCursor
  }

  func resize(columns: Int, rows: Int) {
    read(for: 0)
    screen.resize(columns: columns, rows: rows)
    Self.set(terminal.number, columns, rows)
  }

  func type(_ text: String) {
    guard let keyboard else { return }
    _ = write(keyboard.number, text, text.utf8.count)
  }

  /// Closes the terminal as one closes its window.
  func hangUp() { keyboard = nil }

  /// Reads until the screen shows all of these, and nothing of those; false when it never does.
  func shows(
    _ texts: String..., without others: [String] = [], within seconds: Double = 30
  ) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    repeat {
      let text = screen.text
      if texts.allSatisfy(text.contains), !others.contains(where: text.contains) { return true }
      read(for: 50)
    } while Date() < deadline
    return false
  }

  /// Takes what the program has written; waits so many milliseconds for the first of it.
  func read(for milliseconds: Int) {
    guard let keyboard else {
      usleep(1000)
      return
    }
    var wait = Duration.milliseconds(milliseconds)
    while let piece = keyboard.piece(within: wait) {
      screen.take(piece)
      wait = .zero
    }
  }

  /// How it ended; its last words are read.
  func end(within seconds: Double = 30) -> Shutdown {
    let deadline = Date(timeIntervalSinceNow: seconds)
    var status: Int32 = 0
    while ending == nil, Date() < deadline {
      read(for: 20)
      guard waitpid(number, &status, WNOHANG) == number else { continue }
      let signal = status & 0x7F
      ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    }
    read(for: 0)
    return ending ?? .ranTooLong
  }

  private static func spawn(
    _ words: [String], _ terminal: String, _ environment: [String: String]
  ) throws -> pid_t {
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
    // As a login does: no signal is blocked, none is ignored.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80  // POSIX_SPAWN_SETSID
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let usual = ["PATH": Tool.path, "LC_ALL": "C.UTF-8", "TERM": "xterm"]
    let variables = usual.merging(environment) { $1 }.map { strdup("\($0)=\($1)") }
    let arguments = words.map { strdup($0) }
    defer { for copy in variables + arguments { free(copy) } }
    var process: pid_t = 0
    let error = posix_spawn(
      &process, Tool.find(words[0]), &actions, &attributes, arguments + [nil], variables + [nil])
    guard error == 0 else { throw CannotRun(words: words, error: error) }
    return process
  }
}
